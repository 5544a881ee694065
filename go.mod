module github.com/luago-lang/luago

go 1.26.0

require (
	github.com/Shopify/go-lua v0.0.0-20250718183320-1e37f32ad7d0
	github.com/gorilla/websocket v1.5.3
	golang.org/x/tools v0.52.0
)
