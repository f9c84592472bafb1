import Files
import Glibc
import Processes
import SystemPackage
import TestSupport
import Testing

/// Environments that are broken or somebody else's, and systems that lack something.
@Suite struct ToolsStateTests {
    private static let library =
        "venv/lib/python3.12/site-packages/onnxruntime/capi/libonnxruntime.so.1"

    private func replaceLibrary(_ tools: FakeTools, with name: String) async throws {
        let target = tools.home.appending(Self.library).string
        let copied = try await Program.run("cp", [tools.folder[name].string, target])
        #expect(copied.status == 0)
    }

    @Test func aLibraryThatDoesNotLoadIsBrokenWithTheReason() async throws {
        let tools = try await FakeTools()
        #expect(try await tools.run("install", "--cpu").status == 0)
        try await tools.library("old.so", version: "1.21.1")
        let crash = "#include <stdlib.h>\n__attribute__((constructor)) void f(void) { abort(); }"
        try await tools.library("crash.so", version: "1.30.0", extra: crash)
        try AtomicFile.write(
            String(repeating: "no library ", count: 500),
            to: tools.folder["text.so"]
        )
        try AtomicFile.write("int nothing;", to: tools.folder["empty.c"])
        _ = try await Program.run(
            "clang",
            ["-shared", "-o", tools.folder["empty.so"].string, tools.folder["empty.c"].string]
        )
        let foreign = try await Program.run("cp", ["/bin/ls", tools.folder["elf.so"].string])
        #expect(foreign.status == 0)
        try await changeArchitecture(of: tools.folder["elf.so"])

        for (name, reason) in [
            ("old.so", "version 1.21.1, and 1.22 or newer is needed"), ("crash.so", "signal 6"),
            ("text.so", "invalid ELF header"), ("empty.so", "no OrtGetApiBase"),
            ("elf.so", "made for another CPU architecture"),
        ] {
            try await replaceLibrary(tools, with: name)
            let (state, why) = try await tools.state()
            #expect(state == "broken" && why.contains(reason), "\(name): \(state), \(why)")
        }
        unlink(tools.home.appending(Self.library).string)
        #expect(try await tools.state().reason.contains("no libonnxruntime.so"))
        let repaired = try await tools.run("install", "--cpu")
        #expect(repaired.status == 0, "what is broken is made anew")
        #expect(try await tools.state().state == "installed")
    }

    /// Makes the ELF header name an architecture that does not exist.
    private func changeArchitecture(of path: FilePath) async throws {
        let file = try FileDescriptor.open(path, .readWrite)
        try file.closeAfter { _ = try file.writeAll(toAbsoluteOffset: 18, [0xfe, 0x7f]) }
    }

    @Test func aMissingPythonIsIncomplete() async throws {
        let tools = try await FakeTools()
        #expect(try await tools.run("install", "--cpu").status == 0)
        unlink(tools.home.appending("venv/bin/python").string)
        #expect(try await tools.state().state == "incomplete")
        #expect(try await tools.run("status").output.contains("--reinstall"))
        #expect(try await tools.run("install", "--cpu").status == 0)
        #expect(try await tools.state().state == "installed")
    }

    @Test func aDamagedMarkerIsBroken() async throws {
        let tools = try await FakeTools()
        #expect(try await tools.run("install", "--cpu").status == 0)
        try AtomicFile.write("{\"schema\":2}", to: tools.home.appending("venv/8cut.json"))
        let (state, why) = try await tools.state()
        #expect(state == "broken" && why.contains("8cut.json"))
    }

    @Test(arguments: [["install"], ["install", "--reinstall"], ["remove"]])
    func whatIsNotOursIsNotTouched(command: [String]) async throws {
        let tools = try await FakeTools()
        let bin = tools.home.appending("venv/bin")
        try Folder.create(bin)
        try AtomicFile.write("#!/bin/sh\n", to: bin.appending("python"))
        chmod(bin.appending("python").string, 0o755)

        #expect(try await tools.state().state == "incomplete")
        #expect(try await tools.run("status").output.contains("Move it away"))
        let result = try await Program.run8cut(
            ["tools"] + command,
            environment: ["EIGHTCUT_HOME": tools.home.string]
        )
        #expect(result.status == 73 && result.errors.contains("Move it away"), "\(result.errors)")
        #expect(tools.has("venv/bin/python"))
    }

    @Test func removingDeletesTheEnvironmentOnly() async throws {
        let tools = try await FakeTools()
        #expect(try await tools.run("remove").status == 0, "there is nothing")
        #expect(try await tools.run("install", "--cpu").status == 0)
        try AtomicFile.write("{}", to: tools.home.appending("settings.json"))
        #expect(try await tools.run("remove").status == 0)
        #expect(try Folder.names(in: tools.home) == ["settings.json"])
        #expect(try await tools.state().state == "absent")
    }

    @Test func aMissingPythonOrModuleIsNamed() async throws {
        let tools = try await FakeTools()
        let old = try await tools.run("install", variables: ["FAKE_PYTHON": "3 9"])
        #expect(old.status == 69 && old.errors.contains("Python 3.9"), "\(old.errors)")

        let noModule = "echo 3 11; echo \"No module named 'ensurepip'\" >&2; exit 1"
        try tools.add("python3", noModule)
        let module = try await tools.run("install")
        let advice = PackageManager.current.advice(on: .python).english
        #expect(module.status == 69 && module.errors.contains("cannot make environments"))
        #expect(module.errors.contains(advice))

        try tools.add("python3", "exit 3")
        #expect(try await tools.run("install").status == 71)

        try tools.add("python3", "")
        let python = try await tools.run("install")
        #expect(python.status == 69 && python.errors.contains("python3 is not installed"))
        #expect(python.errors.contains(advice))
        #expect(try await tools.state().state == "absent")
    }

    /// Installing refuses to begin if the disk has too little free space for the real packages.
    private static let hasFreeSpace: Bool = {
        var info = statvfs()
        return statvfs("/tmp", &info) == 0 && info.f_bavail * info.f_frsize > 8_000_000_000
    }()

    @Test(arguments: [
        ("580.65.06", "onnxruntime-gpu[cuda,cudnn]>=1.27,<2"),
        ("550.54.15", "onnxruntime-gpu[cuda,cudnn]>=1.22,<1.27"), ("470.1", "onnxruntime>=1.22,<2"),
    ])
    func theDriverDecidesTheBuild(driver: String, requirement: String) async throws {
        guard Self.hasFreeSpace else { return }
        let tools = try await FakeTools()
        try tools.add("nvidia-smi", "echo 'NVIDIA H200, \(driver)'")
        let result = try await tools.run("install")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains(" '\(requirement)'\n"), "\(result.output)")
        let status = try await tools.run("status")
        let isGPU = requirement.contains("gpu")
        #expect(status.output.contains("cuda (NVIDIA H200, driver \(driver))") == isGPU)
        #expect(result.errors.contains("too old for CUDA 12") == !isGPU)
    }

    @Test func aMissingGPUIsReportedBefore() async throws {
        let tools = try await FakeTools()
        let result = try await tools.run("install", "--gpu")
        #expect(result.status == 69 && result.errors.contains("--cpu"))
        #expect(try await tools.run("install", "--gpu", "--cpu").status == 64)
    }

    @Test func theReferencePackagesAreAddedOnRequest() async throws {
        guard Self.hasFreeSpace else { return }
        let tools = try await FakeTools()
        #expect(try await tools.run("install", "--cpu").status == 0)
        let result = try await tools.run("install", "--reference")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("About 6.2 GB"))
        #expect(result.output.contains(" torch torchvision transformers opencv-python Pillow "))
        #expect(result.output.contains(" --no-build-isolation 'sam2>="))
        #expect(!result.output.contains("segment-anything"))
        #expect(try await tools.run("status", "--json").output.contains("\"reference\":true"))
    }
}
