import Diagnostics
import Dispatch
import Files
import Glibc
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// Gives a reader many mutated inputs, one after the other. Whatever they contain, the reader
/// understands or refuses them: it does not end the process, hang, or touch other files.
///
/// These variables are for runs by hand:
/// `EIGHTCUT_FUZZ`: how many inputs of each kind; `EIGHTCUT_FUZZ_SEED`: another seed makes other
/// inputs; `EIGHTCUT_FUZZ_CASE`: only the input of this number, to repeat a failure.
struct HostileInputs {
    /// The name of the kind of input.
    let kind: String
    /// Valid inputs.
    let examples: [[UInt8]]
    /// How many inputs there are for one of the usual number; for slow readers.
    var share = 1.0
    /// Makes an input.
    var mutate: (inout Mutator, [[UInt8]]) -> [UInt8] = { $0.mutated($1) }

    init(_ kind: String, _ examples: [[UInt8]]) {
        self.kind = kind
        self.examples = examples
    }

    init(_ kind: String, texts: [String]) {
        self.init(kind, texts.map { Array($0.utf8) })
    }

    /// What a reader gets.
    struct Input {
        let bytes: [UInt8]
        /// For the reader's own files; it is empty.
        let folder: FilePath
        /// For further choices.
        var mutator: Mutator

        var text: String { String(decoding: bytes, as: UTF8.self) }

        /// Writes the bytes to a file in the folder.
        func write(as name: String) throws -> FilePath {
            let path = folder.appending(name)
            let file = try FileDescriptor.open(
                path,
                .writeOnly,
                options: [.create, .truncate],
                permissions: .ownerReadWrite
            )
            _ = try file.closeAfter { try file.writeAll(bytes) }
            return path
        }
    }

    /// The processor time that one input may take, in seconds.
    private static let limit = 5.0

    /// Calls `check` with every input.
    ///
    /// - Parameter check: reads the input. It may throw `EightCutError`, which refuses the input.
    /// - Throws: when the scratch folder cannot be used.
    func run(_ check: (inout Input) throws -> Void) throws {
        var scratch = try Scratch()
        let log = try CaseLog(kind)
        for number in FuzzRun.numbers(share) {
            log.begin(number)
            var input = try makeInput(number, in: scratch)
            let start = CaseLog.processorTime()
            do {
                try check(&input)
            } catch let error as EightCutError {
                #expect(!error.why.isEmpty, "\(log.name(number))")
            } catch {
                Issue.record("\(log.name(number)): \(type(of: error)): \(error)")
            }
            let seconds = CaseLog.processorTime() - start
            #expect(seconds < Self.limit, "\(log.name(number)) took \(seconds) s")
            scratch = try checked(scratch, log.name(number))
        }
        log.end()
    }

    /// The same for readers that wait for other threads. Their time is not measured: the watch over
    /// all cases ends a process that hangs.
    func run(_ check: (inout Input) async throws -> Void) async throws {
        var scratch = try Scratch()
        let log = try CaseLog(kind)
        for number in FuzzRun.numbers(share) {
            log.begin(number)
            var input = try makeInput(number, in: scratch)
            do {
                try await check(&input)
            } catch let error as EightCutError {
                #expect(!error.why.isEmpty, "\(log.name(number))")
            } catch {
                Issue.record("\(log.name(number)): \(type(of: error)): \(error)")
            }
            scratch = try checked(scratch, log.name(number))
        }
        log.end()
    }

    /// The folder for the next input.
    private func checked(_ scratch: Scratch, _ name: String) throws -> Scratch {
        guard try scratch.isUntouched() else {
            Issue.record("\(name) touched other files")
            return try Scratch()
        }
        try scratch.empty()
        return scratch
    }

    private func makeInput(_ number: Int, in scratch: Scratch) throws -> Input {
        let name = kind.utf8.reduce(FuzzRun.seed) { $0 &* 31 &+ UInt64($1) }
        var mutator = Mutator(seed: name &+ UInt64(number) &* 0x2545_F491_4F6C_DD1D)
        let bytes = mutate(&mutator, examples)
        return Input(bytes: bytes, folder: scratch.inside, mutator: mutator)
    }
}

/// What the variables of a run say.
enum FuzzRun {
    static let seed: UInt64 = variable("EIGHTCUT_FUZZ_SEED") ?? 1

    private static let count: Int = variable("EIGHTCUT_FUZZ") ?? 200
    private static let one: Int? = variable("EIGHTCUT_FUZZ_CASE")

    /// The numbers of the inputs.
    static func numbers(_ share: Double) -> Range<Int> {
        one.map { $0..<$0 + 1 } ?? 0..<max(1, Int(Double(count) * share))
    }

    private static func variable<Number: FixedWidthInteger>(_ name: String) -> Number? {
        getenv(name).flatMap { Number(String(cString: $0)) }
    }
}

/// A folder for a reader's files, beside files that it must not touch.
private final class Scratch {
    let inside: FilePath

    private let folder: TemporaryFolder
    private let before: [String: [UInt8]]

    init() throws {
        folder = try TemporaryFolder()
        inside = folder["inside"]
        try Folder.create(inside)
        try Folder.create(folder["other"])
        for name in ["other/keep.txt", "masks.json", "frame_0000.png", "dataset.json"] {
            try AtomicFile.write("keep", to: folder.path.pushing(FilePath(name)))
        }
        before = try Self.content(folder)
    }

    func isUntouched() throws -> Bool { try Self.content(folder) == before }

    func empty() throws {
        let names = try Folder.names(in: inside)
        if names.isEmpty { return }
        try FolderTree.remove(inside)
        try Folder.create(inside)
    }

    private static func content(_ folder: TemporaryFolder) throws -> [String: [UInt8]] {
        var content: [String: [UInt8]] = [:]
        for name in try Folder.names(in: folder.path) where name != "inside" {
            if try Folder.kind(of: folder[name]) == .folder {
                for (inner, bytes) in try MaskSet.content(of: folder[name]) {
                    content[name + "/" + inner] = bytes
                }
            } else {
                content[name] = try MaskSet.bytes(of: folder[name])
            }
        }
        return content
    }
}

/// Keeps the number of the current case in a file, so that a case that ends the process is known:
/// `.build/hostile-data/KIND` is left there. Also ends the process when a case hangs.
private final class CaseLog {
    /// The number of the case that runs.
    private final class Current: Sendable {
        let number = Atomic<Int>(-1)
    }

    private let path: FilePath
    private let file: FileDescriptor
    private let prefix: String
    private let current = Current()
    private let watch = DispatchSource.makeTimerSource()

    init(_ kind: String) throws {
        prefix = "\(kind): EIGHTCUT_FUZZ_SEED=\(FuzzRun.seed) EIGHTCUT_FUZZ_CASE="
        let folder = FilePath(#filePath).removingLastComponent().removingLastComponent()
            .removingLastComponent().appending(".build").appending("hostile-data")
        try Folder.create(folder)
        path = folder.appending(kind)
        file = try FileDescriptor.open(
            path,
            .writeOnly,
            options: [.create, .truncate, .closeOnExec],
            permissions: .ownerReadWrite
        )
        startWatch()
    }

    deinit {
        watch.cancel()
        try? file.close()
    }

    /// Twice the same case, a minute later: it hangs.
    private func startWatch() {
        watch.schedule(deadline: .now() + .seconds(60), repeating: .seconds(60))
        watch.setEventHandler { [current, prefix, last = Current()] in
            let number = current.number.load(ordering: .relaxed)
            guard last.number.exchange(number, ordering: .relaxed) == number else { return }
            writeLine("\(prefix)\(number) hangs", to: STDERR_FILENO)
            abort()
        }
        watch.activate()
    }

    /// How to run a case again.
    func name(_ number: Int) -> String { prefix + "\(number)" }

    func begin(_ number: Int) {
        current.number.store(number, ordering: .relaxed)
        let line = Array((name(number) + "\n").utf8)
        _ = line.withUnsafeBytes { pwrite(file.rawValue, $0.baseAddress, $0.count, 0) }
    }

    func end() { unlink(path.string) }

    /// The seconds that this thread has computed: others may keep the machine busy.
    static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
