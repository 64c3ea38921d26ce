// Node.js 24 reads TypeScript by itself, and Pulumi's loader of packs would compile it once more.
import "./pack.ts";
