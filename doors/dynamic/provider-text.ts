/** What resources of this type carry as `__provider`. Frozen: old state must keep working with new packages. */
export function providerText(type: string): string {
  return (
    `exports.handler=()=>{let c;const m=n=>async(...a)=>(await import("pulumi-clusterops/dynamic-host")).serve(${JSON.stringify(type)},c)[n](...a);` +
    `return{configure:r=>{c=r.config},check:m("check"),diff:m("diff"),create:m("create"),read:m("read"),update:m("update"),delete:m("delete")}}`
  );
}
