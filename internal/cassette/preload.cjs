"use strict"
// Leads Node's http, https and fetch through the proxy that HTTPS_PROXY names,
// but for the hosts in NO_PROXY. Node does so itself from 22.21 and 24.5 on,
// told by NODE_USE_ENV_PROXY; this is for those before.
if (process.env.HTTPS_PROXY && !process.allowedNodeEnvironmentFlags.has("--use-env-proxy")) {
  const http = require("node:http")
  const https = require("node:https")
  const net = require("node:net")
  const tls = require("node:tls")
  const proxy = new URL(process.env.HTTPS_PROXY)
  const bare = (host) => host.replace(/^\[|\]$/g, "").toLowerCase()
  const excluded = (process.env.NO_PROXY || "").split(/[\s,]+/).filter(Boolean).map((rule) => rule.toLowerCase().replace(/^\*?\./, ""))

  const direct = (host, port) => excluded.some((rule) => {
    const [, name, only] = /^(.*?)(?::(\d+))?$/.exec(rule.includes("::") ? bare(rule) : rule)
    return (rule === "*" || host === bare(rule) || host === name || host.endsWith("." + name)) && (!only || rule.includes("::") || only === String(port))
  })

  // tunnel gives a connection to host and port through the proxy.
  const tunnel = (host, port, done) => {
    const path = `${net.isIPv6(host) ? `[${host}]` : host}:${port}`
    const request = http.request({ method: "CONNECT", path, headers: { host: path }, createConnection: () => net.connect(+proxy.port, proxy.hostname) })
    request.once("error", done)
    request.once("connect", (answer, socket) => {
      request.off("error", done)
      if (answer.statusCode === 200) return done(null, socket)
      socket.destroy()
      done(new Error(`the proxy answers CONNECT ${path} with ${answer.statusCode}`))
    })
    request.end()
  }

  // Agents of the program's own inherit these.
  for (const [agent, port] of [[http.Agent, 80], [https.Agent, 443]]) {
    const before = agent.prototype.createConnection
    agent.prototype.createConnection = function (options, done) {
      const host = typeof options === "object" && !options.socketPath && !options.socket && bare(options.host || options.hostname || "localhost")
      if (!host || typeof done !== "function" || direct(host, options.port || port)) return before.apply(this, arguments)
      tunnel(host, options.port || port, (error, socket) => {
        if (error) return done(error)
        done(null, port === 443 ? before.call(this, { ...options, socket }) : socket)
      })
    }
  }

  const connect = ({ hostname, protocol, port, servername }, done) => {
    const host = bare(hostname)
    const secure = protocol === "https:"
    port = port || (secure ? 443 : 80)
    const speak = (error, socket) => {
      if (error) return done(error, null)
      if (!secure) return done(null, socket)
      const name = servername || (net.isIP(host) ? "" : host)
      const over = tls.connect({ socket, host, servername: name, ALPNProtocols: ["http/1.1"] })
      over.once("error", done)
      over.once("secureConnect", () => { over.off("error", done); done(null, over) })
    }
    if (!direct(host, port)) return tunnel(host, port, speak)
    const socket = net.connect(port, host)
    socket.once("error", speak)
    socket.once("connect", () => { socket.off("error", speak); speak(null, socket) })
  }
  // fetch's own dispatcher; touching Headers loads it.
  const dispatcher = Symbol.for("undici.globalDispatcher.1")
  if (globalThis.Headers && globalThis[dispatcher]) globalThis[dispatcher] = new globalThis[dispatcher].constructor({ connect })
}
