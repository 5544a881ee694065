-- The page of chat.lua. It reconnects by itself, so that a restart of the server
-- is a gap of a second.
return [==[
<!doctype html>
<meta charset="utf-8">
<title>chat</title>
<style>
    body { font: 16px sans-serif; max-width: 40em; margin: 2em auto; }
    #log { border: 1px solid #ccc; height: 20em; overflow-y: auto; padding: .5em; }
    #log p { margin: .2em 0; }
    #users, #state { color: #666; }
    form { display: flex; gap: .5em; margin-top: .5em; }
    input { flex: 1; font: inherit; }
</style>
<h1 id="room"></h1>
<p><span id="state">connecting</span> <span id="users"></span></p>
<div id="log"></div>
<form id="form"><input id="text" autocomplete="off" maxlength="1000"><button>Send</button></form>
<script>
    const query = new URLSearchParams(location.search);
    const room = query.get("room") || "lobby";
    const $ = (id) => document.getElementById(id);
    $("room").textContent = room;
    let ws, wait = 250;

    function line(text) {
        const p = document.createElement("p");
        p.textContent = text;
        $("log").append(p);
        p.scrollIntoView();
    }

    const on = {
        message(m) { line(m.from + ": " + m.text); },
        presence(m) {
            $("users").textContent = "here: " + m.users.join(", ");
            if (m.joined) line("* " + m.joined + " has come");
            if (m.left) line("* " + m.left + " has gone");
        },
        error(m) { line("! " + m.text); },
        alive() {},
    };

    function connect() {
        const scheme = location.protocol === "https:" ? "wss://" : "ws://";
        ws = new WebSocket(scheme + location.host + "/room/" + room + "?token=" + encodeURIComponent(query.get("token") || ""), "chat");
        ws.onopen = () => { wait = 250; $("state").textContent = "connected"; $("log").textContent = ""; };
        ws.onmessage = (event) => { const m = JSON.parse(event.data); on[m.type](m); };
        ws.onclose = () => {
            $("state").textContent = "disconnected";
            setTimeout(connect, wait);
            wait = Math.min(wait * 2, 10000);
        };
    }

    $("form").onsubmit = (event) => {
        event.preventDefault();
        if ($("text").value && ws.readyState === WebSocket.OPEN) {
            ws.send(JSON.stringify({ text: $("text").value }));
            $("text").value = "";
        }
    };
    connect();
</script>
]==]
