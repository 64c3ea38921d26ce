/*
 * Blue, light blue and grey for what went on, orange and vermilion for what is not done: the colours of Okabe and Ito, which those who see
 * no red or no green tell apart. Nothing is said by a colour alone.
 */
const light = `
  --back: #fff; --text: #1a1f27; --dim: #57606a; --line: #d8dee4;
  --request: #9aa4af; --wait: #0072b2; --verify: #56b4e9;
  --failed: #c24f00; --unfinished: #8a5a00; --mark: #e69f00;`;
const dark = `
  --back: #0f1319; --text: #e6edf3; --dim: #9da7b1; --line: #333b45;
  --request: #6e7681; --wait: #3f9fe0; --verify: #a5dcff;
  --failed: #ff8a4c; --unfinished: #f0b429; --mark: #f0b429;`;

export const style = `
:root { color-scheme: light dark; ${light} }
@media (prefers-color-scheme: dark) { :root { ${dark} } }
@media print { :root { color-scheme: light; ${light} } }
* { box-sizing: border-box; print-color-adjust: exact; -webkit-print-color-adjust: exact }
body { font: 13px/1.45 system-ui, sans-serif; margin: 24px; color: var(--text); background: var(--back) }
h1 { font-size: 19px; margin: 0 0 4px } h2 { font-size: 15px; margin: 20px 0 6px }
p { margin: 0 0 6px } .dim { color: var(--dim) }
.keys { margin: 10px 0 14px; color: var(--dim) } .keys span { white-space: nowrap; margin-right: 18px }
.keys svg { width: 26px; height: 12px; vertical-align: -1px; margin-right: 5px }
table { border-collapse: collapse; width: 100%; min-width: 820px; table-layout: fixed }
th, td { text-align: left; vertical-align: top; padding: 3px 8px 2px 0; font-weight: normal }
thead th { vertical-align: bottom; color: var(--dim); border-bottom: 1px solid var(--line) }
.name { width: 23% } .times { width: 17% } .state { width: 9% }
tbody { border-bottom: 1px solid var(--line); break-inside: avoid }
.name b { font-weight: 600; overflow-wrap: anywhere } .name small { display: block; color: var(--dim); font-size: 11px }
.chart { padding-right: 20px } .chart div { position: relative } thead .chart div { height: 48px }
.chart svg { display: block; width: 100%; height: 22px }
.tick, .gap { position: absolute; font-size: 11px; line-height: 14px; white-space: nowrap; padding-left: 3px }
.tick { bottom: 2px; border-left: 1px solid var(--line) } .tick b { display: block; font-weight: 600; color: var(--text) }
.gap { top: 0; transform: translateX(-50%); padding: 0; color: var(--text) }
.end { position: absolute; top: 2px; font-size: 13px; line-height: 18px; padding-left: 3px; font-weight: 700 }
.times { font-variant-numeric: tabular-nums } .times span { white-space: nowrap } .times small { display: block; font-size: 11px }
.details td { padding: 0 0 5px; color: var(--dim); overflow-wrap: anywhere } .details p { margin: 0 }
.failed .state, .failed .reason, .failed .end { color: var(--failed); font-weight: 600 }
.unfinished .state, .unfinished .reason, .unfinished .end { color: var(--unfinished); font-weight: 600 }
.request { fill: var(--request) } .wait { fill: var(--wait) } .verify { fill: var(--verify) }
.frame { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke }
.failed .frame { stroke: var(--failed) } .unfinished .frame { stroke: var(--mark); stroke-dasharray: 5 3 }
.grid { stroke: var(--line); stroke-width: 1; vector-effect: non-scaling-stroke }
.cut { fill: var(--back) } .tear { fill: none; stroke: var(--dim); stroke-width: 1; vector-effect: non-scaling-stroke }
@page { size: A4 landscape; margin: 10mm }
@media print { body { margin: 0; font-size: 11px } table { min-width: 0 } thead { display: table-header-group } }
`;
