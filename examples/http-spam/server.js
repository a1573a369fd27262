// POST /classify {"text": "…"} answers {"label": "spam", "scores": {"spam": 0.9, "ham": 0.1}}.
const http = require("node:http");
const { likelihood } = require("./rules.js");

const server = http.createServer((request, response) => {
  if (request.url === "/health") return response.end("ok");
  if (request.method !== "POST" || request.url !== "/classify") return response.writeHead(404).end();
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    const spam = likelihood(JSON.parse(body).text);
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ label: spam > 0.5 ? "spam" : "ham", scores: { spam, ham: 1 - spam } }));
  });
});

server.listen(Number(process.env.PORT ?? 18431), "127.0.0.1");
