import Checkpoints
import ClipLibrary
import Diagnostics
import Files
import Glibc
import SystemPackage

/// What is on the disk: free space, checkpoints, the library.
struct StorageChecks: Sendable {
    let home: EightCutHome

    /// Below this, a run of a long video or a download may not fit.
    private static let leastSpace = 2_000_000_000

    func findings() async -> [SystemFinding] {
        let settings = Result { try HubSettings.ofProcess() }
        let temporary = getenv("TMPDIR").map { FilePath(platformString: $0) } ?? "/tmp"
        var places = [("home", home.path)]
        if case .success(let settings) = settings { places.append(("cache", settings.cache)) }
        places += [
            ("temporary", temporary), ("current", FilePath(".").absolute.lexicallyNormalized()),
        ]
        // Each in a thread of its own: one that does not answer keeps nobody waiting.
        async let spaces = withTaskGroup(of: (Int, SystemFinding).self) { group in
            for (number, place) in places.enumerated() {
                group.addTask { (number, await space(place.0, place.1)) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        async let checkpoints = checkpoints(settings)
        async let library = library()
        return await spaces.sorted { $0.0 < $1.0 }.map(\.1) + (await checkpoints) + [await library]
    }

    private func space(_ name: String, _ path: FilePath) async -> SystemFinding {
        let free = await Deadline.wait { DiskSpace.free(at: path) }
        let place = " (\(visible(path.string)))"
        let title = "disk: " + name
        switch free {
        case nil:
            return SystemFinding(title, .note, "does not answer" + place)
        case .some(nil): return SystemFinding(title, .ok, "does not report its size" + place)
        case .some(.some(let bytes)):
            let isLittle = bytes < Self.leastSpace
            let advice =
                switch name {
                case "home": "Free some disk space, or set EIGHTCUT_HOME to a folder elsewhere."
                case "cache": "Free some disk space, or set HF_HOME to a folder elsewhere."
                case "temporary": "Free some disk space, or set TMPDIR to a folder elsewhere."
                default: "Free some disk space, or work in a folder elsewhere."
                }
            return SystemFinding(
                title,
                isLittle ? .note : .ok,
                "\(ByteCount.text(bytes)) free\(place)",
                remedy: isLittle ? advice : nil
            )
        }
    }

    private func checkpoints(
        _ settings: Result<HubSettings, any Error>
    ) async -> [SystemFinding] {
        let name = "checkpoints"
        let hub: HubSettings
        switch settings {
        case .success(let settings): hub = settings
        case .failure(let error):
            let error = error as? EightCutError
            return [
                SystemFinding(
                    name,
                    .missing,
                    "\(error?.what ?? "") \(quoted(error?.subject ?? "")): \(error?.why ?? "")",
                    remedy: error?.remedy ?? "Correct or unset the variable."
                )
            ]
        }
        let found = await Deadline.wait { [home] in
            CheckpointCatalogue.all.map { checkpoint in
                let installed = InstalledCheckpoint(checkpoint, settings: hub, home: home)
                return (checkpoint.name, installed.state, installed.problem)
            }
        }
        guard let found else {
            return [SystemFinding(name, .note, "the cache does not answer")]
        }
        var there: [String] = []
        var wrong: [SystemFinding] = []
        for (model, state, problem) in found {
            if let problem {
                wrong.append(
                    SystemFinding(
                        name,
                        .note,
                        "\(model) is damaged: \(visible(problem))",
                        remedy: "Download it again: 8cut models download \(model)"
                    )
                )
                continue
            }
            switch state {
            case .complete: there.append(model)
            case .missing: break
            case .incomplete(let done, let total):
                wrong.append(
                    SystemFinding(
                        name,
                        .note,
                        "\(model) is there in part: \(ByteCount.text(done)) of "
                            + ByteCount.text(total),
                        remedy: "Go on with it: 8cut models download \(model)"
                    )
                )
            }
        }
        guard there.isEmpty else {
            return [SystemFinding(name, .ok, there.joined(separator: ", "))] + wrong
        }
        let none = SystemFinding(
            name,
            .note,
            "none is downloaded: masks by depth and by SAM 2 need one",
            remedy: "8cut models download sam2.1-hiera-tiny, or depth-anything-v2-small"
        )
        return (wrong.isEmpty ? [none] : []) + wrong
    }

    private func library() async -> SystemFinding {
        let name = "library"
        let path = visible(home.path.string)
        // Only where the disk answers.
        let kind = await Deadline.wait { [home] in Result { try Folder.kind(of: home.path) } }
        switch kind {
        case nil: return SystemFinding(name, .note, "its disk does not answer (\(path))")
        case .success(.missing): return SystemFinding(name, .ok, "none yet (\(path))")
        case .success(.folder): break
        case .success, .failure:
            return SystemFinding(
                name,
                .missing,
                "\(quoted(home.path.string)) cannot be used as a folder",
                remedy: "Set EIGHTCUT_HOME to a folder that you may write to."
            )
        }
        let health = await Deadline.wait(.seconds(3)) { [home] in await LibraryHealth(of: home) }
        return Self.finding(health ?? .unchecked("it takes longer than three seconds"), at: path)
    }

    private static func finding(_ health: LibraryHealth, at path: String) -> SystemFinding {
        let name = "library"
        let clips = { (count: Int) in "\(count) \(count == 1 ? "clip" : "clips")" }
        switch health {
        case .absent: return SystemFinding(name, .ok, "none yet (\(path))")
        case .healthy(let count): return SystemFinding(name, .ok, "\(clips(count)) (\(path))")
        case .older:
            return SystemFinding(name, .ok, "of an earlier version; it is upgraded when it is used")
        case .unchecked(let why):
            return SystemFinding(
                name,
                .note,
                "not checked: \(why)",
                remedy: "Check it: 8cut library check"
            )
        case .differs(let count, let findings):
            return SystemFinding(
                name,
                .note,
                "\(clips(count)), and \(findings) \(findings == 1 ? "thing" : "things") that "
                    + "differ from the disk",
                remedy: "See which: 8cut library check"
            )
        case .unusable(let error):
            return SystemFinding(
                name,
                .missing,
                "\(error.what): \(visible(error.why))",
                remedy: error.remedy
            )
        }
    }
}
