/*
 * The host runs this text out of the state, beside the program: it has to find this package there, today and with any later version. It looks
 * where the program's own imports are looked for, then where each package is that the program depends on: a library of components may be
 * the only one that has us (pnpm, yarn, a library's own node_modules). No path of a machine may stand in a state.
 *
 * Frozen: the module's name, and `serve` with its two parameters. 0.1.0 recorded a shorter text, which goes on working.
 */

/** What resources of this type carry as `__provider`. */
export function providerText(type: string): string {
  return (
    `exports.handler=()=>{let c,u;const n="pulumi-clusterops",M=require("module"),F=require("fs"),w=process.cwd(),h={configure:r=>{c=r.config}},` +
    // The program may lie in a folder of its package (`main: src`). Breadth first, so that the nearest one is taken.
    `load=()=>{const q=["","/..","/../.."].map(u=>w+u+"/package.json");for(const j of q){` +
    `try{return import(require("url").pathToFileURL(M.createRequire(j).resolve(n+"/dynamic-host")))}` +
    `catch(e){if(e.code!="MODULE_NOT_FOUND")throw e}` +
    `let d={};try{d=JSON.parse(F.readFileSync(j))}catch{}` +
    `for(const i in{...d.dependencies,...d.devDependencies})try{const f=F.realpathSync(M.findPackageJSON(i,j));q.includes(f)||q.push(f)}catch{}}` +
    `const e=Error(n+" is not installed in "+w+": install it there (npm install "+n+"), then run pulumi again"),p=console.error;e.stack="";` +
    // The host prints what the engine reports anyway: not this one.
    `console.error=x=>{console.error=p;String(x).includes(e.message)||p(x)};throw e};` +
    // Which resource is deleted only the request says, after `pulumi stack rename` or a move: the host asks it for the id, and then calls us.
    `try{const d=require.main.require("../../proto/provider_pb").DeleteRequest.prototype,g=d.getId;d.getId=function(){u=this.getUrn();return g.call(this)}}catch{}` +
    `for(const o of["check","diff","create","read","update","delete"])h[o]=async(...a)=>{if(u&&o=="delete")a[1].__urn=u;return(await load()).serve(${JSON.stringify(type)},c)[o](...a)};` +
    `return h}`
  );
}
