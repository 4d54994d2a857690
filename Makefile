# Each target works on a machine with a Rust toolchain and make, and installs what else it needs.
# Options for the program behind a target go into ARGS: make run ARGS="--listen 127.0.0.1:4000"

.PHONY: run test hostile lint instructions bench bench-documents conformance fuzz simulate guards mutants chaos soak release

# Starts collabd with its page on loopback, with its data in ./data.
run:
	@exec scripts/run.sh $(ARGS)

# Runs every test. ARGS are nextest's: make test ARGS="--package collabd-core"
test:
	@exec scripts/test.sh $(ARGS)

# Runs the tests that talk to a server from outside against the release build. ARGS are nextest's.
hostile:
	@exec scripts/hostile.sh $(ARGS)

# Simulates 100,000 plans of the live path under a virtual clock, or as many as ARGS says.
simulate:
	@exec scripts/simulate.sh $(ARGS)

# Takes each guard out in a copy and sees that a test fails without it. ARGS: part of crate/name.
guards:
	@exec scripts/guards.sh $(ARGS)

# Runs the Autobahn test suite against the WebSockets and writes docs/conformance.md.
conformance:
	@exec scripts/conformance.sh $(ARGS)

# Changes the core's rules one by one in a copy and sees that a test fails. ARGS are those of cargo mutants.
mutants:
	@exec scripts/mutants.sh $(ARGS)

# Breaks the release build on purpose: kills, restarts, a proxy that cuts. ARGS: --quick, or which.
chaos:
	@exec scripts/chaos.sh $(ARGS)

# A million sessions and a hundred million messages: memory, tasks and descriptors must be as before. ARGS: soak's.
soak:
	@exec scripts/soak.sh $(ARGS)

# Checks format, lints, documentation and dependencies.
lint:
	@exec scripts/lint.sh

# Counts the instructions of the hot path and compares them with those recorded. ARGS: --update records them.
instructions:
	@exec scripts/instructions.sh $(ARGS)

# Measures shared documents beside other servers of the same wire.
bench-documents:
	@exec scripts/bench-documents.sh $(ARGS)

# Gives whatever reads what strangers send made-up bytes. ARGS: seconds, and which.
fuzz:
	@exec scripts/fuzz.sh $(ARGS)

# Measures collabd beside other servers and writes docs/benchmarks.md. To try it in minutes: make bench ARGS=--quick
bench:
	@exec scripts/bench.sh $(ARGS)

# Makes the archives, packages and bills of materials of a release, in target/dist.
release:
	@exec scripts/release.sh
