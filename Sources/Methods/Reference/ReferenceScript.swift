import Diagnostics
import Files
import FoundationEssentials
import Glibc
import MLTools
import Processes
import SystemPackage

/// The scripts of the reference implementation, which are installed with the program.
package enum ReferenceScript: String, Sendable, CaseIterable {
    /// Depth Anything V2.
    case depth = "depth_masks.py"
    /// SAM 2.
    case sam = "sam_masks.py"
    /// OWLv2.
    case text = "text_boxes.py"

    /// The command that runs a script: the environment's Python, and the script.
    ///
    /// - Parameters:
    ///   - script: which script.
    ///   - home: the folder that holds the environment.
    ///   - program: `8cut`.
    ///   - path: where the script is; nil for the one that is installed with the program.
    /// - Returns: what comes before the script's own options.
    /// - Throws: `EightCutError` of code `toolMissing` when the reference's packages are not
    ///   installed, or the script is missing.
    package static func command(
        _ script: ReferenceScript,
        home: EightCutHome,
        program: FilePath,
        at path: FilePath? = nil
    ) throws -> [String] {
        let tools = ToolsFolder(home: home)
        let marker = try? ToolsMarker(readingFrom: tools.path.appending(ToolsFolder.marker))
        guard let marker, marker.reference, access(tools.python.string, X_OK) == 0 else {
            throw EightCutError(
                .toolMissing,
                "cannot run the reference script",
                on: tools.path.string,
                because: "the reference packages are not installed there",
                remedy: "Install them: 8cut tools install --reference"
            )
        }
        return [tools.python.string, "-I", try (path ?? script.find(program: program)).string]
    }

    /// Finds the script: in `share/8cut` beside the folder of an installed program, or in `tools`
    /// in a folder above one that was just built.
    ///
    /// - Parameter program: `8cut`.
    /// - Returns: its path.
    /// - Throws: `EightCutError` of code `toolMissing` when it is in neither.
    package func find(
        program: FilePath = ToolsStatus.runningProgram
    ) throws(EightCutError) -> FilePath {
        var places: [FilePath] = []
        if let resolved = realpath(program.string, nil) {
            defer { free(resolved) }
            var folder = FilePath(platformString: resolved).removingLastComponent()
            let prefix = folder.removingLastComponent()
            places.append(prefix.appending("share").appending("8cut").appending(rawValue))
            while folder.removeLastComponent() {
                places.append(folder.appending("tools").appending(rawValue))
            }
        }
        // A folder above may be one that everybody writes to, such as /tmp: the script is to be of
        // whoever owns the program.
        let owners = [0, FileStatus(following: program)?.owner]
        let isOurs = { (path: FilePath) in
            guard let status = FileStatus(following: path), status.kind == .file else {
                return false
            }
            return owners.contains(status.owner) && access(path.string, R_OK) == 0
        }
        if let script = places.first(where: isOurs) { return script }
        throw EightCutError(
            .toolMissing,
            "cannot find the reference script",
            on: rawValue,
            because: "it is not where the program is: \(places.first?.string ?? program.string)",
            remedy: "Install 8cut anew with make install."
        )
    }
}

/// Runs a script in a child process and reads its output.
package struct ReferenceRun: Sendable {
    /// What a script reports.
    package enum Report: Sendable {
        /// So many frames have their mask.
        case frame(Int)
        /// The most memory that it had in use, in bytes.
        case peakMemory(Int)
    }

    private let child: LoggedChild

    /// - Parameter folder: where the script runs and has its temporary files.
    package init(in folder: ReferenceFolder) {
        child = LoggedChild(folder: folder.path, temporary: folder.path)
    }

    /// Runs it to its end.
    ///
    /// - Throws: `CancellationError`; `EightCutError` when it cannot be started; what `onReport`
    ///   throws. The script has then been ended.
    package func run(
        _ command: [String],
        onReport: @escaping @Sendable (Report) throws -> Void
    ) async throws -> LoggedChild.End {
        try await child.run(command) { line in
            if let report = Report(line) { try onReport(report) }
        }
    }
}

extension ReferenceRun.Report {
    fileprivate init?(_ line: String) {
        struct Costs: Decodable {
            // The script's name for it.
            // swift-format-ignore: AlwaysUseLowerCamelCase
            let peak_rss_bytes: Int
        }
        if let match = line.wholeMatch(of: /frame (\d+)\/\d+/), let count = Int(match.1) {
            self = .frame(count)
        } else if line.hasPrefix(exactly: "{"),
            let costs = try? JSONDecoder().decode(Costs.self, from: Data(line.utf8))
        {
            self = .peakMemory(costs.peak_rss_bytes)
        } else {
            return nil
        }
    }
}

/// The folder of one run of a script.
package struct ReferenceFolder: Sendable {
    /// The folder, locked, which shows other runs that it is in use.
    private let folder: NewFolder
    /// The folder of all runs.
    private let all: OpenFolder

    package var path: FilePath { folder.folder.path }

    private static let prefix = "run-"

    /// Makes a folder, and deletes those that killed runs have left.
    ///
    /// - Throws: `EightCutError` when it cannot be made, or something else has the place of the
    ///   folder of all runs.
    package init(in home: EightCutHome) throws {
        all = try home.open().createFolder("reference", permissions: .privateFolder)
        for name in try all.names() where name.string.utf8.starts(with: Self.prefix.utf8) {
            // Links are not ours.
            guard let old = try? all.folder(name), let lock = try? FolderLock(old) else { continue }
            try? all.removeTree(name)
            withExtendedLifetime(lock) {}
        }
        folder = try all.newFolder(
            for: "script",
            prefix: Self.prefix,
            permissions: .privateFolder
        )
    }

    /// Deletes it. What cannot be deleted now is deleted by the next run.
    package func remove() { try? all.removeTree(folder.temporaryName) }
}
