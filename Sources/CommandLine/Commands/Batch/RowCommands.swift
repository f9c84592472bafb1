import ArgumentParser
import BatchList
import BatchRun
import Diagnostics
import Files
import FoundationEssentials
import MaskPipeline
import Methods
import ObjectStore
import Processes
import Progress
import Prompts
import Synchronization
import SystemPackage

/// The commands that the rows of a list stand for: `8cut masks METHOD` with the options of their
/// settings, which are parsed as if they were typed.
///
/// Rows with the same method and settings share a command, which is parsed once.
final class RowCommands: Sendable {
    private let list: BatchList
    private let models: RowModels
    private let output: [String]
    private let cutter = RowCutter()
    /// Set once the rows are checked, where one reads or writes objects in a store.
    private let store = Mutex<RowStore?>(nil)
    /// Commands by the settings that they were parsed from.
    private let known = Mutex<[String: any MasksMethodCommand]>([:])

    /// How many commands are kept: rows may have settings of their own.
    private static let mostKnown = 1000

    /// Settings that name one file, which many rows would write.
    private static let refused: Set = ["preview", "video"]

    /// - Parameters:
    ///   - list: the rows.
    ///   - copies: how many copies of a model work side by side; nil leaves the choice to us.
    ///   - quiet: as the option.
    ///   - verbose: as the option.
    init(_ list: BatchList, copies: Int? = nil, quiet: Bool, verbose: Bool) {
        self.list = list
        models = RowModels(copies: copies)
        // The batch reports, not its rows.
        output = ["--progress", "none"] + (quiet ? ["--quiet"] : verbose ? ["--verbose"] : [])
    }

    /// Checks all rows.
    ///
    /// - Parameters:
    ///   - places: those of the rows in the list.
    ///   - check: checks a row for more.
    /// - Returns: the places in the order of the work: rows that share a model follow one another.
    /// - Throws: `EightCutError` (`usage`) that names line and field; what `check` throws.
    func check(_ places: [Int], _ check: (BatchRow) throws -> Void) throws -> [Int] {
        var models: [String: Int] = [:]
        let keyed = try places.map { place in
            try Task.checkCancellation()
            let row = try list.row(place)
            _ = try cut(of: row)
            _ = try input(of: row)
            _ = try local(row.output, of: row, .output)
            if let prompts = row.prompts { _ = try local(prompts, of: row, .prompts) }
            _ = try listedPrompts(of: row)
            if row.hasPrompts, row.method != .sam {
                throw list.problem(
                    in: row,
                    .prompts,
                    "goes with the method 'sam' only",
                    remedy: "Leave it out, or choose that method."
                )
            }
            try check(row)
            _ = try command(of: row)
            self.models.note(row)
            let key = row.modelKey
            let model = models[key] ?? models.count
            models[key] = model
            return (place: place, model: model)
        }
        return keyed.sorted { ($0.model, $0.place) < ($1.model, $1.place) }.map(\.place)
    }

    /// How many rows are worked on at once, unless the user says it.
    var usualWidth: Int { models.usualWidth }

    /// How many models have been loaded so far.
    var loadCount: Int { models.loadCount }

    /// Finds the models of rows, before one of them fails for the lack of its own, and decides how
    /// many copies of them there are to be.
    ///
    /// - Parameters:
    ///   - places: those of the rows in the list.
    ///   - width: how many of them are worked on at once.
    ///   - log: receives how the cores are divided, once.
    /// - Throws: `EightCutError` when one is not there.
    func prepare(_ places: [Int], width: Int, _ log: Log) async throws {
        var prepared: Set<String> = []
        for place in places {
            try Task.checkCancellation()
            let row = try list.row(place)
            guard prepared.insert(row.modelKey).inserted else { continue }
            try await command(of: row).prepare(models.finder)
        }
        guard let shares = models.divide(width: width), !prepared.isEmpty else { return }
        FirstRunAdvice(copies: shares.copies, threads: shares.threads).give(log)
    }

    /// Opens the store of rows that read or write objects.
    ///
    /// - Parameters:
    ///   - places: those of the rows in the list.
    ///   - scratch: the folder for copies and unfinished results.
    ///   - reporter: receives warnings.
    /// - Throws: `EightCutError` when there are no credentials.
    func openStore(
        for places: [Int],
        scratch: FilePath,
        _ reporter: any ProgressReporter
    ) throws {
        guard try places.contains(where: { try list.row($0).usesStore }) else { return }
        let opened = try RowStore(try StoreSettings.ofProcess(), scratch: scratch) { note in
            try? reporter.warn("objectStore", note)
        }
        store.withLock { $0 = opened }
    }

    /// Deletes the copies of what rows have read.
    func closeStore() async { await store.withLock { $0 }?.close() }

    /// What the files of a row look like from outside; nil where one is missing.
    func fingerprint(_ row: BatchRow) async throws -> RowFingerprint? {
        guard row.usesStore, let store = store.withLock({ $0 }) else { return RowFingerprint(row) }
        return try await store.fingerprint(row)
    }

    /// Makes the masks of a row.
    func work(_ row: BatchRow, _ reporter: any ProgressReporter) async throws -> FinishedRow {
        guard row.usesStore, let store = store.withLock({ $0 }) else {
            return try await make(row, reporter)
        }
        try PinnedMethod.requireRevision(of: row)
        switch try await store.open(row) {
        case .done(let end): return end
        case .toDo(let stored):
            do {
                let end = try await make(stored.local, reporter)
                return try await store.publish(end, of: stored)
            } catch let error as EightCutError {
                // To ffmpeg a store that fails is a damaged file.
                try stored.check()
                throw stored.naming(error)
            }
        }
    }

    private func make(
        _ row: BatchRow,
        _ reporter: any ProgressReporter
    ) async throws -> FinishedRow {
        try PinnedMethod.requireRevision(of: row)
        let command = try command(of: row)
        let input = try await input(of: row, command, reporter)
        let label =
            row.label.map { ClipLabel.known($0, clip: "row \(row.id)") } ?? .beside(input.path)
        let prompts = try prompts(of: row, command, label)
        let files = MaskFiles(
            input: input.path,
            output: try local(row.output, of: row, .output),
            clip: nil,
            label: label
        )
        do {
            let video = try await ProbedVideo(
                input.path,
                command.files.video.reading(of: input.path)
            )
            let summary = try await models.use { models in
                try await command.maskRun(of: video, files, prompts, models, reporter).run()
            }
            if let failure = summary.failure { throw failure }
            return FinishedRow(
                input: input,
                frames: summary.frameCount,
                flags: summary.flagCounts.reduce(into: [:]) { $0[$1.key.rawValue] = $1.value },
                score: summary.score,
                damage: summary.damage ?? input.damage
            )
        } catch let error as EightCutError {
            throw Remedies.of(type(of: command)).advise(error)
        }
    }
}

extension RowCommands {
    /// The command of a row, parsed once for all rows of the same settings.
    private func command(of row: BatchRow) throws -> any MasksMethodCommand {
        let key = row.method.rawValue + " " + (try JSONText.line(row.options))
        if let command = known.withLock({ $0[key] }) { return command }
        let command = try parse(row)
        known.withLock { known in
            if known.count == Self.mostKnown { known.removeAll() }
            known[key] = command
        }
        return command
    }

    private func parse(_ row: BatchRow) throws -> any MasksMethodCommand {
        if let name = row.settings.keys.sorted().first(where: Self.refused.contains) {
            throw list.problem(
                in: row,
                .settings,
                "sets \(quoted(name)), which is not for rows",
                remedy: "Use 8cut preview for the masks that are made."
            )
        }
        var options = row.options
        for name in ["model", "text-model", "mask"] {
            if case .text(let text) = options[name] { options[name] = .text(adapted(text, name)) }
        }
        do {
            return try RowOptions.parse(options, of: row.method, beside: output)
        } catch {
            throw list.problem(
                in: row,
                .settings,
                "is wrong: \(error.message)",
                remedy: "8cut masks \(row.method.rawValue) --help lists the options."
            )
        }
    }

    /// The folder of a checkpoint, and a mask, are relative to the list, as all paths of it are.
    private func adapted(_ text: String, _ name: String) -> String {
        let isName = name.hasSuffix(exactly: "model") && !text.contains(exactly: "/")
        return isName
            ? text : list.folder.pushing(FilePath(text)).lexicallyNormalized().string
    }

    /// What selects the objects: options among the settings, and the row's file.
    private func prompts(
        of row: BatchRow,
        _ command: any MasksMethodCommand,
        _ label: ClipLabel
    ) throws -> GivenPrompts {
        var given = try command.readPrompts(label)
        if let listed = try listedPrompts(of: row) {
            try given.list.append(listed)
            given.files += listed.files
        }
        guard let place = row.prompts else { return given }
        let path = try local(place, of: row, .prompts)
        let list = try PromptList(file: path)
        try given.list.append(list)
        given.files += [path] + list.files
        return given
    }

    /// The prompts that are in the row itself.
    private func listedPrompts(of row: BatchRow) throws -> PromptList? {
        guard let json = row.promptList else { return nil }
        do {
            return try PromptList(json: json, from: .line("prompts", in: list.folder))
        } catch let error as EightCutError {
            throw list.problem(
                in: row,
                .prompts,
                "is wrong: \(error.subject ?? ""): \(error.why)",
                remedy: error.remedy
            )
        }
    }

    /// What is to be cut for a row; nil for one whose video is there.
    private func cut(of row: BatchRow) throws -> (WantedCut, clip: FilePath)? {
        guard case .cut(let cut) = row.video else { return nil }
        let source = try local(cut.source, of: row, .source)
        let clip = try local(cut.clip, of: row, .clip)
        guard clip.string.hasSuffix(exactly: ".mp4") else {
            throw list.problem(
                in: row,
                .clip,
                "does not end in .mp4",
                remedy: "Clips of lists are MP4 files."
            )
        }
        do throws(WantedCut.Fault) {
            let wanted = try WantedCut(
                source: source,
                sourceName: StoreAddress.isAddress(cut.source.written) ? cut.source.written : nil,
                start: cut.start,
                duration: cut.duration,
                profile: cut.profile
            )
            return (wanted, clip)
        } catch {
            let field = BatchRow.Field(rawValue: error.field) ?? .start
            throw list.problem(in: row, field, error.why, remedy: nil)
        }
    }

    private func input(of row: BatchRow) throws -> FilePath {
        try local(row.clip, of: row, .input)
    }

    private func input(
        of row: BatchRow,
        _ command: any MasksMethodCommand,
        _ reporter: any ProgressReporter
    ) async throws -> RowInput {
        guard let (wanted, clip) = try cut(of: row) else {
            return RowInput(try input(of: row))
        }
        return try await cutter.clip(
            wanted,
            at: clip,
            replaces: command.files.overwrite,
            reporter
        )
    }

    /// The path of a place. Before a row is worked on, that of an object stands for its copy: only its
    /// form matters then.
    private func local(
        _ place: BatchPlace,
        of row: BatchRow,
        _ field: BatchRow.Field
    ) throws -> FilePath {
        do {
            if let address = try place.address {
                return FilePath("/").pushing(FilePath(address.key))
            }
        } catch let error as EightCutError {
            throw list.problem(
                in: row,
                field,
                "is no address of an object: \(error.why)",
                remedy: error.remedy
            )
        }
        guard let path = place.path else { throw EightCutError.internalFault(because: "no place") }
        return path
    }
}

extension BatchRow {
    /// The same for rows that share a loaded model, if their frames have one size.
    fileprivate var modelKey: String {
        let names = [
            "model", "precision", "device", "threads", "resolution", "memories", "pool-memories",
            "memory-rules", "text-model", "skip-padding",
        ]
        let texts = options["text"] == nil ? "" : " text"
        let options = options.filter { names.contains($0.key) }
        return method.rawValue + texts + " " + ((try? JSONText.line(options)) ?? "")
    }
}

extension RunSummary {
    /// The damage of the video as an error.
    fileprivate var damage: EightCutError? {
        inputProblem.map {
            EightCutError(
                .inputDamaged,
                "cannot decode all of",
                on: input.string,
                because: "\($0)",
                remedy: "There are masks for the frames that decode."
            )
        }
    }
}
