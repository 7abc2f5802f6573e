import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createHostFetch } from "./create-host-fetch.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** A proxy that lets every host be the one server behind it, and notes whom it was asked for. */
async function openProxy() {
  const behind = await listen(
    createServer((request, response) => response.end(`behind ${request.headers.host}`)),
  );
  const asked: string[] = [];
  const proxy = createServer((request, response) => {
    asked.push(`GET ${request.url}`);
    response.end("by the proxy");
  });
  proxy.on("connect", (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    const tunnel = connect(behind, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      tunnel.pipe(socket).pipe(tunnel);
    });
    socket.on("error", () => tunnel.destroy());
    tunnel.on("error", () => socket.destroy());
  });
  return { url: `http://127.0.0.1:${await listen(proxy)}`, asked, behind };
}

const init = { method: "GET" as const, headers: {}, redirect: "manual" as const };

describe("createHostFetch", () => {
  it.each(["HTTP_PROXY", "http_proxy"])("goes through the proxy of %s", async (variable) => {
    const proxy = await openProxy();
    const fetch = createHostFetch({ [variable]: proxy.url });
    const response = await fetch("http://api.works.example/x", {
      ...init,
      signal: new AbortController().signal,
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toMatch(/^(?:behind api\.works\.example|by the proxy)$/);
    expect(proxy.asked).toHaveLength(1);
    expect(proxy.asked[0]).toContain("api.works.example");
  });

  it("opens a tunnel for https, and sends nothing in the clear", async () => {
    const proxy = await openProxy();
    const fetch = createHostFetch({ HTTPS_PROXY: proxy.url });
    const asking = fetch("https://api.works.example/x", { ...init, signal: new AbortController().signal });
    await expect(asking).rejects.toThrow();
    expect(proxy.asked).toEqual(["CONNECT api.works.example:443"]);
  });

  it("does not take the proxy for http for https", async () => {
    const proxy = await openProxy();
    const fetch = createHostFetch({ HTTP_PROXY: proxy.url });
    const signal = new AbortController().signal;
    await expect(fetch(`https://127.0.0.2:${proxy.behind}/x`, { ...init, signal })).rejects.toThrow();
    expect(proxy.asked).toEqual([]);
  });

  it("leaves out what NO_PROXY names, and this machine", async () => {
    const proxy = await openProxy();
    const fetch = createHostFetch({ HTTP_PROXY: proxy.url, NO_PROXY: "works.example" });
    const signal = new AbortController().signal;
    const response = await fetch(`http://127.0.0.1:${proxy.behind}/x`, { ...init, signal });
    expect(await response.text()).toContain("behind 127.0.0.1");
    await expect(fetch("http://works.example:1/", { ...init, signal })).rejects.toThrow();
    expect(proxy.asked).toEqual([]);
  });

  it("refuses a variable that is no URL, names it, and does not repeat it", () => {
    const wrong = "socks5://user:hidden-word@proxy.example";
    expect(() => createHostFetch({ HTTPS_PROXY: wrong })).toThrow(
      expect.objectContaining({
        code: "config_invalid",
        message: expect.stringMatching(/^HTTPS_PROXY (?!.*hidden-word)/),
        hint: expect.stringContaining("http://"),
      }),
    );
  });
});
