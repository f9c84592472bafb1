import Files
import FoundationEssentials
import Glibc
import SystemPackage
import TestSupport

/// A `python3` that does what `venv` and pip do, without a network and as slowly as a test wants,
/// and a home for what it makes.
struct FakeTools: Sendable {
    let folder: TemporaryFolder
    let home: FilePath
    private let bin: FilePath
    /// The path of the real `python3`.
    private let real: String

    /// Puts the fake into a folder that takes the place of PATH.
    init() async throws {
        folder = try TemporaryFolder()
        home = folder["home"]
        bin = folder["bin"]
        _ = try await ProgramFolder(bin, real: ["mkdir", "cp", "sleep", "chmod", "rm"])
        // What PATH has may be a script, such as pyenv's, which needs more programs than are here.
        let path = ["-c", "import sys; print(sys.executable)"]
        real = try await Program.run("python3", path).lines.first ?? ""
        try await library("library.so", version: "1.30.0")
        try add("python3", Self.script)
    }

    /// Adds a shell script to PATH; an empty one is taken away.
    func add(_ name: String, _ script: String) throws {
        let path = bin.appending(name)
        unlink(path.string)
        if script.isEmpty { return }
        try AtomicFile.write("#!/bin/sh\n" + script + "\n", to: path)
        chmod(path.string, 0o755)
    }

    /// Compiles what stands for ONNX Runtime; `extra` is C that comes before it.
    func library(_ name: String, version: String, extra: String = "") async throws {
        let source = """
            \(extra)
            static const char *version(void) { return "\(version)"; }
            // The table of functions has one: GetModelEditorApi.
            static void *editor(void) { return (void *)version; }
            static void *table[512] = {[291] = (void *)editor};
            static void *api(unsigned version) { return table; }
            static const struct { void *(*api)(unsigned); const char *(*version)(void); } base = {
                api, version};
            const void *OrtGetApiBase(void) { return &base; }
            """
        try AtomicFile.write(source, to: folder["library.c"])
        let result = try await Program.run(
            "clang",
            ["-shared", "-fPIC", "-o", folder[name].string, folder["library.c"].string]
        )
        guard result.status == 0 else { throw NotCompiled(errors: result.errors) }
    }

    /// Runs `8cut tools …`.
    ///
    /// - Parameters:
    ///   - words: what comes after `tools`.
    ///   - slow: the step that lasts a minute: "venv", "upgrade", "packages" or "list".
    ///   - variables: variables besides those.
    ///   - whileRunning: called with the process ID when it has started.
    /// - Returns: how it ended and what it wrote.
    /// - Throws: what `whileRunning` throws, or an error when it cannot be started.
    func run(
        _ words: String...,
        slow: String = "",
        variables: [String: String] = [:],
        whileRunning: @escaping @Sendable (pid_t) async throws -> Void = { _ in }
    ) async throws -> ProgramResult {
        let own = [
            "PATH": bin.string, "EIGHTCUT_HOME": home.string, "FAKE": folder.path.string,
            "FAKE_SLOW": slow, "FAKE_REAL": real,
        ]
        return try await Program.run8cut(
            ["tools"] + words,
            environment: own.merging(variables) { $1 },
            whileRunning: whileRunning
        )
    }

    /// The state in `tools status --json`.
    func state() async throws -> (state: String, reason: String) {
        struct Status: Decodable {
            let state: String
            let reason: String?
        }
        let result = try await run("status", "--json")
        let status = try JSONDecoder().decode(Status.self, from: Data(result.output.utf8))
        return (status.state, status.reason ?? "")
    }

    /// Whether a file is there, in the home.
    func has(_ path: String) -> Bool { access(home.string + "/" + path, F_OK) == 0 }

    /// Waits until a step has begun.
    func wait(forStep step: String) async throws {
        try await waitForFile(folder["step-\(step)"])
    }

    /// Whether a step still writes after it should have ended.
    func isStillWriting() async throws -> Bool {
        try await Task.sleep(for: .milliseconds(300))
        let before = heartbeats
        try await Task.sleep(for: .milliseconds(300))
        return heartbeats != before
    }

    private var heartbeats: Int { (try? MaskSet.bytes(of: folder["heartbeat"]).count) ?? 0 }

    /// Takes the trace of earlier steps away.
    func forgetSteps() {
        for step in ["venv", "upgrade", "packages", "list"] {
            unlink(folder["step-\(step)"].string)
        }
    }

    private struct NotCompiled: Error {
        let errors: String
    }

    private static let script = """
        step() {
            echo "$*" >> "$FAKE/step-$1"
            export -p > "$FAKE/variables-$1"
            [ "$FAKE_SLOW" = "$1" ] || return 0
            trap '' INT TERM HUP
            (count=0; while [ $count -lt 1200 ]; do
                echo . >> "$FAKE/heartbeat"; sleep 0.05; count=$((count+1)); done)
        }
        case "$*" in
        *"import venv"*) echo "${FAKE_PYTHON:-3 12}"; exit 0 ;;
        *"import configparser"*) exec "$FAKE_REAL" "$@" ;;
        *"-m venv"*)
            mkdir -p "$4/bin" "$4/lib/python3.12/site-packages/onnxruntime/capi"
            step venv "$@"
            cp "$0" "$4/bin/python" ;;
        *"--upgrade pip"*) echo "pip in $PWD"; step upgrade "$@" ;;
        *"pip list"*) step list "$@" >&2; echo '[{"name":"onnxruntime","version":"1.30.0"}]' ;;
        *"pip install"*)
            step packages "$@"
            [ -z "$FAKE_FAILURE" ] || { echo "$FAKE_FAILURE"; exit 1; }
            environment=${0%/bin/python}
            [ -z "$FAKE_TAG" ] || echo "$FAKE_TAG" > "$environment/$FAKE_TAG"
            cp "$FAKE/library.so" \\
                "$environment/lib/python3.12/site-packages/onnxruntime/capi/libonnxruntime.so.1" ;;
        *) exit 9 ;;
        esac
        """
}
