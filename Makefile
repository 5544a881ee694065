# luago's tasks. `make` builds; `make help` lists them.

GO          ?= go
ROUNDS      ?= 5
FUZZTIME    ?= 30s
ONLY        ?= .
TEST        := $(GO) run ./cmd/testlog -vet=off
STATICCHECK := $(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2

# What compiles a script compiles luago, too: with the same flags Go's standard
# library and the runtime are compiled once for both, and for the tests.
export GOFLAGS     := $(shell $(GO) env GOFLAGS) -trimpath
export CGO_ENABLED := 0
export GO

.DEFAULT_GOAL := build
.PHONY: help build test test-all test-short race checkptr soak run corpus update generate modules fuzz bench bench-ws check ci

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

build: ## bin/luago
	@.ci/waiting "compiling luago, and once Go's standard library, which takes a minute" $(GO) build -o bin/luago ./cmd/luago

test: ## the tests; a third of the programs in the rarer ways to compile them
	@LUAGO_TEST=some $(TEST) -timeout 20m ./...

test-all: ## all tests, with all programs in all ways
	@$(TEST) -timeout 20m ./...

test-short: ## the tests without go build, a minute
	@$(TEST) -short ./...

race: ## the runtime and the libraries under the race detector, which checks unsafe pointers, too
	@if command -v $$($(GO) env CC) >/dev/null; then \
		CGO_ENABLED=1 $(TEST) -race -short -timeout 20m ./rt/... ./wsrt/...; \
	else echo "no C compiler, so no race detector: going on without"; fi

checkptr: ## the corpus with every use of unsafe pointers checked
	@$(TEST) -timeout 20m ./corpus -run '^(TestTyped|TestNetwork)$$' -checkptr

soak: ## the tests that take long, a quarter of an hour
	LUAGO_SOAK=1 $(GO) test -timeout 60m -count=1 -v -run '^TestSoak' ./...

run: build ## compile and run the combined program of the WebSocket page
	@bin/luago build -o bin/combined corpus/websocket/combined.lua
	@sh corpus/websocket/run.sh bin/combined

corpus: ## the programs of corpus/ only
	@$(TEST) -timeout 20m ./corpus

update: ## write what the reference interpreter prints into the corpus
	$(GO) test -timeout 20m ./corpus -run '^(TestReference|TestErrors)$$' -update
	$(GO) test -timeout 20m ./corpus -run '^TestGoLua$$' -update

generate: ## the adapters between scripts and Go, from the surface files
	$(GO) generate ./...

modules: ## the modules that luago carries with it, from the module cache
	@$(GO) mod vendor -o bin/vendor && cp bin/vendor/modules.txt modules && rm -rf bin/vendor
	@rm -rf modules/github.com && mkdir -p modules/github.com/gorilla
	@cp "$$($(GO) mod download -json github.com/gorilla/websocket | sed -n 's/.*"Zip": "\(.*\)".*/\1/p')" \
		modules/"$$($(GO) list -m -f '{{.Path}}@{{.Version}}' github.com/gorilla/websocket)".zip

fuzz: ## every fuzz test, and generated programs, FUZZTIME each
	@for file in $$(grep -rl --include='*_test.go' '^func Fuzz' .); do \
		for name in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9]*\)(.*/\1/p' $$file); do \
			echo "$$name in $$(dirname $$file)"; \
			$(GO) test ./$$(dirname $$file) -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) || exit 1; \
		done; \
	done
	$(GO) test ./cmd/luago -run '^TestGenerated$$' -count=1 -timeout 0 -v -generate $(FUZZTIME)

bench: build ## time corpus/bench against lua5.2 and others: ROUNDS=5 ONLY=regexp
	$(GO) test -timeout 60m ./corpus -run '^TestBench$$' -v -count=1 -rounds $(ROUNDS) -only '$(ONLY)'

bench-ws: build ## compare WebSocket servers, ten minutes: ROUNDS=5 ONLY=regexp
	cd corpus/bench/ws && $(GO) run . -rounds $(ROUNDS) -only '$(ONLY)'

check: ## modules, format, vet, staticcheck, tidy, generate; then nothing may have changed
	$(GO) mod verify
	cd corpus/bench/ws && $(GO) mod verify
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "gofmt would change: $$unformatted"; exit 1; }
	$(GO) vet ./...
	$(STATICCHECK) ./...
	$(GO) mod tidy -diff
	cd corpus/bench/ws && $(GO) vet ./... && $(GO) test ./... && $(GO) mod tidy -diff
	$(GO) generate ./...
	git diff --exit-code

ci: check build test-all race checkptr run ## what continuous integration runs
	$(MAKE) bench ROUNDS=1
