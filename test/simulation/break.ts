import { registerHooks } from "node:module";
import { defects } from "./sabotage.ts";

/* Loaded ahead of everything else: the provider has the defect that the environment names. */

const defect = defects.find(({ name }) => name === process.env.SIMULATED_DEFECT);
if (!defect) throw new Error(`there is no defect ${process.env.SIMULATED_DEFECT}`);
const { file, from, to, name } = defect;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(`/${file}`)) return loaded;
    const text = String(loaded.source);
    if (text.split(from).length !== 2)
      throw new Error(`${name}: ${file} no longer has the line to break: ${from}`);
    return { ...loaded, source: text.replace(from, () => to) };
  },
});
