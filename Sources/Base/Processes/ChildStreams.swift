import Glibc
import Subprocess

/// The standard input of a child.
package struct ChildInput: Sendable {
    let writer: StandardInputWriter

    /// Writes all of it.
    ///
    /// - Throws: `ChildProcessError.inputClosed` if the child no longer reads.
    package func write(_ bytes: [UInt8]) async throws {
        let count: Int
        do {
            count = try await writer.write(bytes)
        } catch let error where error.code == .failedToWriteToSubprocess {
            throw ChildProcessError.inputClosed
        }
        // A child that has exited takes less, without an error.
        guard count == bytes.count else { throw ChildProcessError.inputClosed }
    }

    package func write(_ text: String) async throws {
        try await write(Array(text.utf8))
    }

    package func close() async throws {
        try await writer.finish()
    }
}

/// What a child writes to a stream, in pieces of any size as they come. It can be read once.
///
/// A child whose stream cannot be read on is killed: nobody must wait for it.
package struct ChildOutput: AsyncSequence, Sendable {
    /// Nil for a stream that is not piped, which is empty.
    let base: SubprocessOutputSequence?
    /// The child that writes to it.
    let child: pid_t

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate var base: SubprocessOutputSequence.Iterator?
        fileprivate let child: pid_t

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws -> [UInt8]? {
            do {
                guard let buffer = try await base?.next(isolation: actor) else { return nil }
                return buffer.withUnsafeBytes { [UInt8]($0) }
            } catch {
                // A cancelled one is ended as `ChildProcess.stop` says.
                if !Task.isCancelled { kill(child, SIGKILL) }
                throw error
            }
        }

        package mutating func next() async throws -> [UInt8]? { try await next(isolation: nil) }
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(base: base?.makeAsyncIterator(), child: child)
    }

    /// Lines that end with a line feed. Of a long line only the start is kept.
    package var lines: ChildLines { ChildLines(output: self, end: .lineFeed) }

    /// Lines as a terminal shows them, except empty ones: a carriage return begins a new one as
    /// well, as in progress bars.
    package var terminalLines: ChildLines { ChildLines(output: self, end: .terminal) }

    /// Reads to the end.
    ///
    /// - Throws: `ChildProcessError.failed` if there are more bytes than the limit; the child is
    ///   then killed.
    func collect(limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await piece in self {
            bytes += piece
            guard bytes.count <= limit else {
                kill(child, SIGKILL)
                throw ChildProcessError.failed(
                    program: "",
                    reason: "it wrote more than \(limit) bytes"
                )
            }
        }
        return bytes
    }

    /// Reads to the end, and keeps of a long text its start and its end: the cause of a failure
    /// and its consequence.
    func collectEnds(limit: Int) async throws -> String {
        var start: [UInt8] = []
        var end: [UInt8] = []
        var hasGap = false
        for try await piece in self {
            let space = limit / 2 > start.count ? limit / 2 - start.count : 0
            start += piece.prefix(space)
            end += piece.dropFirst(space)
            if end.count > limit {
                end.removeFirst(end.count - limit / 2)
                hasGap = true
            }
        }
        return String(decoding: start, as: UTF8.self) + (hasGap ? "\n…\n" : "")
            + String(decoding: end, as: UTF8.self)
    }
}

/// What a child writes to a stream, line by line.
package struct ChildLines: AsyncSequence, Sendable {
    fileprivate let output: ChildOutput
    fileprivate let end: LineSplitter.End

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate var base: ChildOutput.Iterator
        fileprivate var splitter: LineSplitter

        package mutating func next(isolation actor: isolated (any Actor)?) async throws -> String? {
            while true {
                if let line = splitter.next() { return line }
                guard let piece = try await base.next(isolation: actor) else {
                    return splitter.rest()
                }
                splitter.add(piece)
            }
        }

        package mutating func next() async throws -> String? { try await next(isolation: nil) }
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(base: output.makeAsyncIterator(), splitter: LineSplitter(end))
    }
}
