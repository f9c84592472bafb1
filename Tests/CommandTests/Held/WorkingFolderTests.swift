import Files
import Glibc
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// A downloaded folder may contain programs, modules and settings. Nothing in it runs or is obeyed
/// because somebody works there.
@Suite struct WorkingFolderTests {
    private let folder: TemporaryFolder
    private let clip: FilePath

    init() async throws {
        folder = try TemporaryFolder()
        clip = try await Clip.make(folder["clip.mp4"], size: (64, 48))
        for name in Self.programs {
            try AtomicFile.write("#!/bin/sh\ntouch '\(mark)'\n", to: folder[name])
            chmod(folder[name].string, 0o755)
        }
        for name in Self.modules {
            try AtomicFile.write("open('\(mark)', 'w')\n", to: folder[name])
        }
        for name in ["pip.conf", ".pip/pip.conf", ".curlrc", ".netrc", "pyvenv.cfg"] {
            let path = folder.path.pushing(FilePath(name))
            try Folder.create(path.removingLastComponent())
            try AtomicFile.write("[global]\nindex-url = file://\(folder.path)\n", to: path)
        }
    }

    private static let programs = [
        "ffmpeg", "ffprobe", "curl", "python3", "python", "pip", "nvidia-smi", "8cut", "gio",
    ]
    private static let modules = [
        "json.py", "site.py", "sitecustomize.py", "usercustomize.py", "torch.py", "numpy.py",
        "ensurepip.py", "venv.py", "pip.py", "os.py",
    ]

    /// What whoever runs leaves behind.
    private var mark: FilePath { folder["ran"] }

    private func run(
        _ words: [String],
        environment: [String: String] = [:]
    ) async throws -> ProgramResult {
        let home = folder["home"].string
        return try await Program.run8cut(
            words,
            environment: ["EIGHTCUT_HOME": home, "HF_HOME": home].merging(environment) { $1 },
            in: folder.path
        )
    }

    @Test(arguments: ["", ".", "relative", "/usr/bin:/bin"])
    func clipsMasksAndPreviewsRunNothingOfIt(start: String) async throws {
        let path = String(cString: getenv("PATH"))
        let variables = [
            "PATH": start + ":" + path, "PYTHONPATH": folder.path.string, "PYTHONHOME": "",
        ]
        let commands = [
            [
                "export", "-i", "clip.mp4", "--start", "0", "--duration", "0.5", "--name", "a",
                "--to", "o",
            ],
            ["masks", "saliency", "-i", "clip.mp4"],
            ["preview", "-i", "clip.mp4", "--output", "sheet.png"],
            ["library", "list"], ["tools", "status"], ["models", "list"],
        ]
        for command in commands {
            let result = try await run(command, environment: variables)
            #expect(result.status == 0, "\(command): \(result.errors)")
            #expect(try Folder.kind(of: mark) == .missing, "\(command)")
        }
        #expect(try MaskSet(folder["clip_masks"]).names.count == 24)
    }

    /// The index is a port where nobody listens.
    @Test func anInstallationRunsNothingOfIt() async throws {
        let result = try await run(
            ["tools", "install", "--cpu"],
            environment: [
                "PIP_RETRIES": "0", "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
                "PIP_NO_CACHE_DIR": "1", "PYTHONPATH": folder.path.string,
            ]
        )

        #expect(result.status != 0)
        #expect(try Folder.kind(of: mark) == .missing, "\(result.errors)")
    }

    /// A library of that name in the working folder is not loaded where none is installed.
    @Test func aLibraryInItIsNotLoaded() async throws {
        mkfifo(folder["libonnxruntime.so.1"].string, 0o600)
        mkfifo(folder["libonnxruntime.so"].string, 0o600)

        let result = try await Program.run(
            "timeout",
            [
                "60", Program.eightCut.string, "masks", "depth", "-i", "clip.mp4", "--model",
                DepthFixtures.folder.appending("tiny").string,
            ],
            environment: ["EIGHTCUT_HOME": folder["home"].string, "EIGHTCUT_ONNXRUNTIME": ""],
            in: folder.path
        )

        #expect((1..<124).contains(result.status), "\(result.status): \(result.errors)")
        #expect(result.errors.contains("8cut tools install"), "\(result.errors)")
    }
}
