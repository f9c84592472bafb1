import Files
import FoundationEssentials
import Glibc
import MLTools
import SystemPackage
import TestSupport
import Testing

/// A program that pip has installed, with ONNX Runtime beside it.
@Suite struct WheelTests {
    private struct Status: Decodable {
        struct Library: Decodable {
            let path: String
            let source: String
            let variant: String?
        }
        let state: String
        let remedy: String?
        let runtime: String?
        let library: Library?
    }

    /// The program in `bin` of a prefix as pip makes it.
    private struct Wheel {
        let folder: TemporaryFolder
        let packages: FilePath
        var program: FilePath { folder["prefix"].appending("bin").appending("8cut") }

        init(python: String = "lib/python3.12/site-packages") async throws {
            folder = try TemporaryFolder()
            packages = folder["prefix"].appending(python)
            try Folder.create(packages.appending("8cut-0.1.0.dist-info"))
            try Folder.create(program.removingLastComponent())
            let copied = try await Program.run("cp", [Program.eightCut.string, program.string])
            #expect(copied.status == 0, "\(copied.errors)")
        }

        /// The real library, as pip lays it out.
        func addRuntime(_ package: String = "onnxruntime") throws {
            let library = try RuntimeLocation.find(in: TestTools.home.environment)
            let capi = packages.appending("onnxruntime").appending("capi")
            try Folder.create(capi)
            for name in try Folder.names(in: library.removingLastComponent()) {
                symlink(
                    library.removingLastComponent().appending(name).string,
                    capi.appending(name).string
                )
            }
            try Folder.create(packages.appending("\(package)-1.30.0.dist-info"))
        }

        func run(
            _ arguments: [String],
            through link: FilePath? = nil,
            _ variables: [String: String] = [:]
        ) async throws -> ProgramResult {
            let own = [
                "EIGHTCUT_HOME": folder["home"].string, "EIGHTCUT_ONNXRUNTIME": "",
                "HF_HUB_CACHE": "/no-such-folder",
            ]
            return try await Program.run(
                (link ?? program).string,
                arguments,
                environment: own.merging(variables) { $1 }
            )
        }

        func status(_ variables: [String: String] = [:]) async throws -> Status {
            let result = try await run(["tools", "status", "--json"], variables)
            #expect(result.status == 0, "\(result.errors)")
            return try JSONDecoder().decode(Status.self, from: Data(result.output.utf8))
        }
    }

    @Test(arguments: [
        "lib/python3.12/site-packages", "lib64/python3.12/site-packages",
        "lib/python3/dist-packages",
    ])
    func masksAreMadeWithoutInstallingTools(python: String) async throws {
        let wheel = try await Wheel(python: python)
        try wheel.addRuntime()
        let clip = try await Clip.make(wheel.folder["clip.mp4"], size: (128, 72), rate: 2)
        // As pipx and uv install it.
        let link = wheel.folder["link"]
        symlink(wheel.program.string, link.string)
        let masks = wheel.folder["masks"]
        let result = try await wheel.run(DepthRun.arguments(clip, to: masks), through: link)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try MaskSet(masks).manifest.complete)
        #expect(try Folder.kind(of: wheel.folder["home"].appending("venv")) == .missing)
    }

    @Test func theStatusSaysThatItCameWithPip() async throws {
        let wheel = try await Wheel()
        try wheel.addRuntime()
        let status = try await wheel.status()
        #expect(status.state == "installed" && status.remedy == nil)
        #expect(status.library?.source == "pip" && status.library?.variant == "cpu")
        #expect(status.library?.path.hasPrefix(wheel.packages.string) == true)
        #expect(status.runtime == (try TestTools.library().version))
        let text = try await wheel.run(["tools", "status"]).output
        #expect(text.contains("(pip, beside 8cut)") && text.contains("(cpu)"))
    }

    @Test func whatWasNamedOrInstalledComesFirst() async throws {
        let wheel = try await Wheel()
        try wheel.addRuntime()
        let tools = ["EIGHTCUT_HOME": TestTools.home.path.string]
        #expect(try await wheel.status(tools).library?.source == "environment")
        let named = try RuntimeLocation.find(in: TestTools.home.environment)
        let variable = ["EIGHTCUT_ONNXRUNTIME": named.string]
        #expect(try await wheel.status(variable).library?.source == "variable")
    }

    @Test func aMissingLibraryIsInstalledWithPip() async throws {
        let wheel = try await Wheel()
        let clip = try await Clip.make(wheel.folder["clip.mp4"], size: (128, 72), rate: 2)
        let result = try await wheel.run(DepthRun.arguments(clip, to: wheel.folder["masks"]))
        #expect(result.status == 69)
        #expect(result.errors.contains("pip install '8cut[cpu]', or 8cut tools install"))
        let status = try await wheel.status()
        #expect(status.state == "absent")
        #expect(status.remedy?.contains("pip install '8cut[cpu]'") == true)
    }

    @Test func aBrokenLibraryIsInstalledAnewWithPip() async throws {
        let wheel = try await Wheel()
        let capi = wheel.packages.appending("onnxruntime").appending("capi")
        try Folder.create(capi)
        try AtomicFile.write("no library", to: capi.appending("libonnxruntime.so.1.30.0"))
        let status = try await wheel.status()
        #expect(status.state == "broken")
        #expect(status.remedy?.contains("pip install --force-reinstall onnxruntime") == true)
    }

    @Test func theDoctorSaysWhereItIs() async throws {
        let wheel = try await Wheel()
        try wheel.addRuntime()
        let text = try await wheel.run(["doctor"]).output
        #expect(text.contains("pip's, beside 8cut"))
    }
}
