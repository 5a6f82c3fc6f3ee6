"""The style sheet of the HTML page."""

STYLE = """
:root { --ink: #1c2430; --soft: #5b6675; --line: #d9dfe7; --paper: #fff; --error: #b3261e; --warning: #8a5a00;
  --info: #1f5fae; --accept: #1b7a3d; color-scheme: light dark; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #9aa6b5; --line: #333d4b; --paper:
#151a21; --error: #ff8a80; --warning: #ffc766; --info: #8ab8ff; --accept: #7ddf9c; } } body { margin: 0;
background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; } main { max-width: 60rem;
margin: 0 auto; padding: 1.5rem; } h2, h3, dd, li, p, code { overflow-wrap: anywhere; } h3 { margin: 0 0
.3rem; font-size: 1rem; } code { font-size: .92em; } .facts { color: var(--soft); font-size: .9rem; }
.document { border-top: 1px solid var(--line); padding-top: .5rem; } .verdict strong { text-transform:
uppercase; letter-spacing: .04em; } .reject strong, .error .severity { color: var(--error); } .undetermined
strong, .warning .severity { color: var(--warning); } .accept strong { color: var(--accept); } .info .severity
{ color: var(--info); } .banner { border: 2px solid var(--error); padding: .5rem; font-weight: bold; } article
{ border: 1px solid var(--line); border-left-width: 4px; border-radius: 4px; padding: .8rem 1rem; margin:
.8rem 0; } article.error { border-left-color: var(--error); } article.warning { border-left-color:
var(--warning); } article.info { border-left-color: var(--info); } .what { margin: .2rem 0 .6rem; } .known {
color: var(--soft); font-weight: normal; } dl { display: grid; grid-template-columns: 5.5rem 1fr; gap: .15rem
.8rem; margin: 0; font-size: .93rem; } dt { color: var(--soft); } dd { margin: 0; } summary { cursor: pointer;
color: var(--soft); } @media print { article { break-inside: avoid; } }
"""
