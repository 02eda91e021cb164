/** The page's look. Colours have a contrast of at least 4.5 to 1 for texts, in light and in dark. */
export const style = `
:root { color-scheme: light dark; --ground: #fff; --raised: #f6f7f9; --text: #1b1f24; --faint: #57606a; --rule: #d0d7de; --link: #0550ae;
  --bad: #b3131c; --bad-ground: #ffebe9; --attention: #7a4b00; --attention-ground: #fff6d6; --busy: #0550ae; --busy-ground: #ddf0ff;
  --good: #0f6b2f; --good-ground: #dcf7e3; }
@media (prefers-color-scheme: dark) { :root { --ground: #0f1318; --raised: #171c23; --text: #e6edf3; --faint: #9ea9b5; --rule: #343c46; --link: #79b8ff;
  --bad: #ff8f86; --bad-ground: #3a1517; --attention: #f0c04f; --attention-ground: #33290c; --busy: #79b8ff; --busy-ground: #10273f;
  --good: #6cd68a; --good-ground: #10301c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
header, main, footer { max-width: 68rem; margin: 0 auto; padding: .75rem 1rem; }
header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; border-bottom: 1px solid var(--rule); }
header p { margin: 0; color: var(--faint); } header .live { margin-left: auto; }
footer { color: var(--faint); font-size: .875rem; }
a { color: var(--link); } a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
.skip, .unseen { position: absolute; left: -999rem; } .skip:focus { left: 1rem; top: .5rem; background: var(--ground); padding: .25rem .5rem; }
h1 { font-size: 1.5rem; margin: .75rem 0; } h2 { font-size: 1.125rem; margin: 1.5rem 0 .5rem; } h3 { font-size: 1rem; margin: 0; }
.namespace, .none, .times { color: var(--faint); font-weight: normal; }
.badge { display: inline-block; padding: 0 .6rem; border-radius: 1rem; font-size: .875rem; font-weight: 600; line-height: 1.6rem; white-space: nowrap; vertical-align: middle; border: 1px solid currentColor; color: var(--faint); }
.badge.bad { color: var(--bad); background: var(--bad-ground); } .badge.attention { color: var(--attention); background: var(--attention-ground); }
.badge.busy { color: var(--busy); background: var(--busy-ground); } .badge.good { color: var(--good); background: var(--good-ground); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; font-variant-numeric: tabular-nums; }
thead th { overflow-wrap: normal; color: var(--faint); font-weight: 600; font-size: .875rem; } .why { margin: .25rem 0 0; font-size: .9375rem; }
.fleet th[scope=row] { min-width: 11rem; } code { font: .9375em ui-monospace, monospace; }
meter { width: 6rem; vertical-align: middle; } meter::-webkit-meter-optimum-value { background: var(--busy); } meter::-moz-meter-bar { background: var(--busy); }
.fleet td.weight, .fleet time { white-space: nowrap; }
.cause { border-left: .4rem solid var(--attention); background: var(--attention-ground); padding: .75rem 1rem; border-radius: .25rem; }
.cause.bad { border-color: var(--bad); background: var(--bad-ground); } .cause.calm, .cause.busy, .cause.good { border-color: var(--faint); background: var(--raised); }
.cause h2 { margin: 0; font-size: 1.25rem; } .cause ul { margin: .5rem 0; padding-left: 1.25rem; } .cause dl { margin: .5rem 0 0; }
dt { color: var(--faint); font-size: .875rem; } .cause dt { color: inherit; font-weight: 600; } dd { margin: 0 0 .5rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); gap: .25rem 1.5rem; margin: 1rem 0; } .facts dd { font-weight: 500; } .facts .wide { grid-column: 1 / -1; }
figure { margin: .5rem 0; } figcaption { font-size: .875rem; color: var(--faint); } .chart { width: 100%; max-width: 36rem; height: auto; display: block; }
.chart text { font: 12px system-ui, sans-serif; fill: var(--faint); } .chart .value { text-anchor: end; } .chart .time { text-anchor: middle; } .chart .time.last { text-anchor: end; }
.chart .grid { stroke: var(--rule); } .chart path { fill: none; stroke-width: 2; } .chart .area { fill: var(--busy); opacity: .15; stroke: none; }
.chart .actual { stroke: var(--busy); } .chart .planned { stroke: var(--faint); stroke-dasharray: 5 4; } .chart .bound { stroke: var(--attention); stroke-width: 1.5; stroke-dasharray: 8 3; }
.chart .passed { fill: var(--busy); } .chart .failed { stroke: var(--bad); }
.key::before { content: ""; display: inline-block; width: 1.5rem; margin-right: .35rem; vertical-align: middle; border-top: 2px solid var(--busy); } .key { margin-right: 1rem; }
.key.planned::before { border-top: 2px dashed var(--faint); } .key.bound::before { border-top: 2px dashed var(--attention); } .key.failed { color: var(--bad); } .key.failed::before { display: none; }
.checks { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 1rem; align-items: start; }
.check { border: 1px solid var(--rule); border-radius: .25rem; padding: .75rem 1rem; } .check.bad { border-color: var(--bad); border-left-width: .4rem; } .check p { margin: .25rem 0; } .check.bad strong { color: var(--bad); }
.note, .problem { background: var(--attention-ground); color: var(--text); padding: .5rem .75rem; border-left: .25rem solid var(--attention); }
.events { list-style: none; padding: 0; margin: 0; } .events li { display: grid; grid-template-columns: 5.5rem 1fr; padding: .25rem 0; border-bottom: 1px solid var(--rule); } .events time { color: var(--faint); font-variant-numeric: tabular-nums; }
.warning .mark { color: var(--bad); font-weight: 700; } details { margin: .25rem 0; } summary { cursor: pointer; color: var(--link); width: fit-content; } details table { width: auto; }
@media (max-width: 40rem) { .fleet thead { position: absolute; left: -999rem; } .fleet tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--rule); }
  .fleet th, .fleet td { display: block; border: 0; padding: .1rem 0; } .fleet td:nth-of-type(n+3), .fleet td.rest { display: none; } .chart text { font-size: 16px; } .events li { grid-template-columns: 1fr; } header .live { margin-left: 0; } }
@media (prefers-reduced-motion: no-preference) { .live.on::before { animation: beat 2s infinite; } @keyframes beat { 50% { opacity: .35; } } }
.live::before { content: ""; display: inline-block; width: .6rem; height: .6rem; border-radius: 50%; margin-right: .4rem; background: var(--faint); } .live.on::before { background: var(--good); } .live.off::before { background: var(--bad); border-radius: 0; }
@media print { header .live, .skip { display: none; } .check, .cause { break-inside: avoid; } }
`;
