import Dispatch
import Files
import FoundationEssentials
import Glibc
import InteractiveProtocol
import Progress
import Synchronization
import SystemPackage
import TestSupport

/// A worker, `8cut masks sam --interactive`, and what is said to it.
final class WorkerTalk: Sendable {
    /// The small checkpoint.
    static let model = DepthFixtures.folder.removingLastComponent().appending("sam2")
        .appending("tiny")

    /// The worker has ended, or says nothing for a minute.
    struct Silence: Error {}

    /// Its process.
    let process: pid_t
    /// Its standard input and output.
    private let socket: FileDescriptor
    private let text = Mutex<[UInt8]>([])
    private let hasEnded = Mutex(false)

    /// Starts a worker.
    init(_ clip: FilePath, _ options: [String] = []) throws {
        var ends: [Int32] = [-1, -1]
        // Other tests start programs at the same time, which must not inherit it.
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw Errno(rawValue: errno) }
        let words =
            [
                Program.eightCut.string, "masks", "sam", "--interactive", "-i", clip.string,
                "--model", Self.model.string, "--device", "cpu", "--threads", "1",
                "--quiet",
            ] + options
        let variables = ProcessInfo.processInfo.environment
            .merging(TestTools.environment) { _, own in own }
            .map { "\($0.key)=\($0.value)" }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for number in [STDIN_FILENO, STDOUT_FILENO] {
            posix_spawn_file_actions_adddup2(&actions, ends[1], number)
        }
        var child: pid_t = 0
        let status = Self.withCStrings(words) { words in
            Self.withCStrings(variables) { variables in
                posix_spawn(&child, Program.eightCut.string, &actions, nil, words, variables)
            }
        }
        close(ends[1])
        guard status == 0 else { throw Errno(rawValue: status) }
        process = child
        socket = FileDescriptor(rawValue: ends[0])
    }

    deinit {
        if !hasEnded.withLock({ $0 }) {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
        try? socket.close()
    }

    /// Says a line.
    func say(_ line: String) throws { _ = try socket.writeAll((line + "\n").utf8) }

    /// Says a line again and again without listening, until the worker reads no more for a second.
    ///
    /// - Returns: how many bytes it has read.
    func flood(_ line: String) -> Int {
        let bytes = Array((line + "\n").utf8)
        var count = 0
        while true {
            var wish = pollfd(fd: socket.rawValue, events: Int16(POLLOUT), revents: 0)
            guard poll(&wish, 1, 1000) == 1 else { return count }
            let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
            // A line that is cut off here is followed by the rest of another one, which does no harm.
            let sent = send(socket.rawValue, bytes, bytes.count, flags)
            guard sent > 0 || errno == EAGAIN else { return count }
            count += max(0, sent)
            guard count < 256 << 20 else { return count }
        }
    }

    /// The most memory that the worker has had, in bytes.
    func peakMemory() throws -> Int {
        let path = FilePath("/proc/\(process)/status")
        let text = String(decoding: try SmallFile.read(path, limit: 1 << 16), as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.utf8.starts(with: "VmHWM:".utf8) }
        let number = line?.split(whereSeparator: { !$0.isNumber }).first
        return (number.flatMap { Int($0) } ?? 0) * 1024
    }

    /// Closes the worker's standard input.
    func hangUp() { shutdown(socket.rawValue, Int32(SHUT_WR)) }

    /// The next line that it says.
    ///
    /// - Throws: `Silence`.
    func line() async throws -> String {
        // Swift's own threads must not wait: there are few, and all tests share them.
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try self.readLine() })
            }
        }
    }

    private func readLine() throws -> String {
        while true {
            let line = text.withLock { text -> String? in
                guard let end = text.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
                defer { text.removeFirst(end + 1) }
                return String(decoding: text[..<end], as: UTF8.self)
            }
            if let line { return line }
            var wish = pollfd(fd: socket.rawValue, events: Int16(POLLIN), revents: 0)
            guard poll(&wish, 1, 60_000) == 1 else { throw Silence() }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = try buffer.withUnsafeMutableBytes { try socket.read(into: $0) }
            guard count > 0 else { throw Silence() }
            text.withLock { $0 += buffer[..<count] }
        }
    }

    /// The next answer.
    func answer() async throws -> WorkerAnswer {
        try WorkerAnswer(jsonLine: await line())
    }

    /// The next answer that is not about how far a run has come.
    func end(of id: Int) async throws -> WorkerAnswer.Event {
        while true {
            let answer = try await answer()
            switch answer.event {
            case .job(.started), .job(.progress), .job(.artifact), .job(.warning): continue
            case _ where answer.id == .number(id): return answer.event
            default: continue
            }
        }
    }

    /// Asks for a mask.
    ///
    /// - Returns: the answer.
    /// - Throws: `Silence`, or the error that is the answer.
    func mask(
        _ id: Int,
        frame: Int,
        _ prompts: String,
        to output: FilePath,
        _ others: String = ""
    ) async throws -> WorkerAnswer.Mask {
        try say(Self.request(id, frame: frame, prompts, to: output, others))
        switch try await end(of: id) {
        case .mask(let mask): return mask
        case .error(let error): throw error
        default: throw Silence()
        }
    }

    /// The line that asks for a mask.
    static func request(
        _ id: Int,
        frame: Int,
        _ prompts: String,
        to output: FilePath,
        _ others: String = ""
    ) -> String {
        "{\"id\": \(id), \"do\": \"mask\", \"frame\": \(frame), \"prompts\": [\(prompts)], "
            + "\"output\": \"\(output.string)\"\(others)}"
    }

    /// Waits for its end.
    ///
    /// - Returns: its exit status, 128 + the number of the signal that ended it, and how long that
    ///   took.
    func wait() async -> (status: Int32, seconds: Double) {
        let start = ContinuousClock.now
        let process = process
        let status = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var status: Int32 = 0
                waitpid(process, &status, 0)
                continuation.resume(returning: status)
            }
        }
        hasEnded.withLock { $0 = true }
        let code = status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
        return (code, start.duration(to: .now) / .seconds(1))
    }

    private static func withCStrings<Result>(
        _ texts: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
