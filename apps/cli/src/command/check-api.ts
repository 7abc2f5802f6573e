import { toCmoError } from "@cmo/engine";
import type { DoctorCheck, Host } from "@cmo/runtime";
import { openApi } from "../place/open-api.ts";
import type { PlaceOptions } from "../place/place-options.ts";

/** Long enough for an API on the other side of the world. */
const probeMs = 5_000;

/** Whether the API that was named is there, and lets the key in. Never shows the key. */
export async function checkApi(options: PlaceOptions, host: Host, baseUrl: string): Promise<DoctorCheck> {
  try {
    const { client, place } = await openApi({ options, host, baseUrl });
    const probe = await client.probe({ timeoutMs: probeMs });
    if (!probe.reachable) {
      const hint = "Start it with: cmo serve. Its address goes into CMO_API_URL or --api-base.";
      return { id: "cmo-api", status: "failed", message: probe.message, hint };
    }
    await client.jobs({ limit: 1 });
    const message = `${place.name} answers (API version ${probe.version}), and lets this command in`;
    return { id: "cmo-api", status: "ok", message, hint: null };
  } catch (error) {
    const { message, hint } = toCmoError(error);
    return { id: "cmo-api", status: "failed", message, hint };
  }
}
