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
package struct ChildOutput: AsyncSequence, Sendable {
    /// Nil for a stream that is not piped, which is empty.
    let base: SubprocessOutputSequence?

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate var base: SubprocessOutputSequence.Iterator?

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws -> [UInt8]? {
            guard let buffer = try await base?.next(isolation: actor) else { return nil }
            return buffer.withUnsafeBytes { [UInt8]($0) }
        }

        package mutating func next() async throws -> [UInt8]? { try await next(isolation: nil) }
    }

    package func makeAsyncIterator() -> Iterator { Iterator(base: base?.makeAsyncIterator()) }

    /// Lines that end with a line feed, and with nothing else: a carriage return or a Unicode line
    /// separator inside a line, which may come from a file's metadata, cannot begin a new one.
    package var lines: ChildLines {
        ChildLines(base: base?.strings(separatedBy: .unicodeScalarSequence(["\n"])))
    }

    /// Lines as a terminal shows them: a carriage return begins a new one as well, as in progress
    /// bars.
    package var terminalLines: ChildLines { ChildLines(base: base?.strings()) }

    /// Reads to the end.
    ///
    /// - Throws: `ChildProcessError.failed` if there are more bytes than the limit.
    func collect(limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await piece in self {
            bytes += piece
            guard bytes.count <= limit else {
                throw ChildProcessError.failed(
                    program: "",
                    reason: "it wrote more than \(limit) bytes"
                )
            }
        }
        return bytes
    }
}

/// What a child writes to a stream, line by line.
package struct ChildLines: AsyncSequence, Sendable {
    fileprivate let base: SubprocessOutputSequence.StringSequence<UTF8>?

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate var base: SubprocessOutputSequence.StringSequence<UTF8>.AsyncIterator?

        package mutating func next(isolation actor: isolated (any Actor)?) async throws -> String? {
            try await base?.next(isolation: actor)
        }

        package mutating func next() async throws -> String? { try await next(isolation: nil) }
    }

    package func makeAsyncIterator() -> Iterator { Iterator(base: base?.makeAsyncIterator()) }
}
