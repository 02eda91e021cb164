/**
 * Keeps the page up to date: asks for itself, and takes over what has changed, without losing the place, the focus or what is
 * unfolded. What is selected is left alone until it no longer is. Without it the page is the same, and reloads itself.
 */
export const script = `"use strict";
(() => {
    const main = document.querySelector("main");
    const live = document.querySelector(".live");
    const said = document.querySelector("[role=status]");
    let tag = main.dataset.tag;
    let headline = main.dataset.headline;
    const show = (ok, text) => {
        live.className = "live " + (ok ? "on" : "off");
        if (live.textContent !== text) live.textContent = text;
    };
    const take = (text) => {
        const next = new DOMParser().parseFromString(text, "text/html").querySelector("main");
        const open = new Set([...main.querySelectorAll("details[open]")].map((one) => one.id));
        const focused = document.activeElement && main.contains(document.activeElement) ? document.activeElement.id : "";
        main.replaceChildren(...next.childNodes);
        for (const one of main.querySelectorAll("details")) one.open = open.has(one.id);
        if (focused) (document.getElementById(focused) || main).focus({ preventScroll: true });
        if (next.dataset.headline !== headline) {
            headline = next.dataset.headline;
            said.textContent = headline;
        }
    };
    const look = async () => {
        try {
            const answer = await fetch(location.pathname, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
            const selection = getSelection();
            const reading = selection && !selection.isCollapsed && main.contains(selection.anchorNode);
            if (answer.ok && !reading) {
                take(await answer.text());
                tag = answer.headers.get("ETag");
            }
            const fine = answer.ok || answer.status === 304;
            show(fine, fine ? (reading ? "Held while text is selected" : "Live") : "The command answers with " + answer.status);
        } catch {
            show(false, "Not connected: the command has ended or cannot be reached");
        }
        setTimeout(look, document.hidden ? 15000 : 3000);
    };
    document.addEventListener("visibilitychange", () => { if (!document.hidden) show(true, "Live"); });
    show(true, "Live");
    setTimeout(look, 3000);
})();
`;
