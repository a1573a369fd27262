// Prints the literals of JavaScript and TypeScript files as the TypeScript
// compiler sees them: one JSON line a file, byte offsets. A template string is
// one string, whatever it holds. Files that it finds fault with are left out.
const fs = require("fs");
const ts = require("typescript");

for (const path of fs.readFileSync(0, "utf8").split("\0")) {
  const text = fs.readFileSync(path, "utf8");
  if (text.includes("\ufffd")) continue;
  const kind = /x$/.test(path) ? ts.ScriptKind.TSX : /ts$/.test(path) ? ts.ScriptKind.TS : ts.ScriptKind.JSX;
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false, kind);
  if (file.parseDiagnostics.length) continue;
  const ascii = Buffer.byteLength(text) === text.length;
  const offset = ascii ? (i) => i : (i) => Buffer.byteLength(text.slice(0, i));
  const tokens = [];
  const add = (name, node) => { tokens.push([name, offset(node.getStart(file)), offset(node.getEnd())]); };
  const visit = (node) => {
    if (ts.isNumericLiteral(node) || ts.isBigIntLiteral(node)) add("number", node);
    else if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node) || ts.isTemplateLiteralTypeNode(node)) return add("string", node);
    else if (node.kind === ts.SyntaxKind.RegularExpressionLiteral) add("regexp", node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  console.log(JSON.stringify({ path, tokens }));
}
