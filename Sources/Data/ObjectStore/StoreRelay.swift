import Diagnostics
import Files
import Synchronization

/// Lets ffmpeg read an object in a store as it reads files, seeking in it: a small HTTP server on
/// loopback that asks the store, with the credentials, for those parts of the object that are wanted.
///
/// Only who knows its address can use it: that has 128 random bits in it. It ends with `stop`.
package final class StoreRelay: Sendable {
    private struct State {
        var connections: [ObjectIdentifier: LoopbackConnection] = [:]
        var failure: (any Error)?
        var isStopped = false
    }

    /// Where ffmpeg finds the object.
    package let url: String
    private let object: StoredObject
    private let blocks: ObjectBlocks
    private let socket: LoopbackSocket
    private let target: String
    private let state = Mutex(State())

    /// Starts it.
    ///
    /// - Throws: `EightCutError` when no port can be opened.
    package init(_ object: StoredObject, in store: ObjectStore) throws {
        self.object = object
        blocks = ObjectBlocks(object, in: store)
        socket = try LoopbackSocket()
        let secret = (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }
        target =
            "/\(secret.joined())/"
            + object.address.name.utf8.percentEncoded(keepsSlashes: false)
        url = "http://127.0.0.1:\(socket.port)\(target)"
        socket.accept { [weak self] connection in self?.begin(connection) }
    }

    deinit {
        stop()
    }

    /// Ends it, and everything that it does for others.
    package func stop() {
        socket.stop()
        let connections = state.withLock { state in
            defer { state.connections = [:] }
            state.isStopped = true
            return state.connections.values
        }
        for connection in connections { connection.stop() }
        let blocks = blocks
        Task { await blocks.cancel() }
    }

    /// Makes sure that all has come from the store that was asked of it. To ffmpeg a store that fails
    /// looks like the end of the file.
    ///
    /// - Throws: the first failure.
    package func check() throws {
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    /// Bytes that were read of the store.
    package var bytesRead: Int {
        get async { await blocks.bytesRead }
    }

    /// Bytes of the object, read as ffmpeg would.
    ///
    /// - Parameter range: which bytes; within the object.
    /// - Returns: all of them.
    /// - Throws: `EightCutError` of the store.
    package func read(_ range: Range<Int>) async throws -> [UInt8] {
        var (bytes, count) = ([UInt8](), 0)
        while bytes.count < range.count {
            let place = range.lowerBound + bytes.count
            bytes += try await blocks.bytes(from: place, blocksInRow: count)
                .prefix(range.upperBound - place)
            count += 1
        }
        return bytes
    }

    // MARK: - Connections

    private func begin(_ connection: LoopbackConnection) {
        let isStopped = state.withLock { state in
            if !state.isStopped { state.connections[ObjectIdentifier(connection)] = connection }
            return state.isStopped
        }
        guard !isStopped else { return }
        Task { [self] in
            await serve(connection)
            connection.stop()
            _ = state.withLock { $0.connections.removeValue(forKey: ObjectIdentifier(connection)) }
        }
    }

    private func serve(_ connection: LoopbackConnection) async {
        guard let text = await connection.head() else { return }
        guard let request = RelayRequest(text), request.target.isExactly(target) else {
            _ = await connection.send(Self.head("404 Not Found", ["Content-Length: 0"]))
            return
        }
        let size = object.bytes
        guard let range = request.range(in: size) else {
            let fields = ["Content-Length: 0", "Content-Range: bytes */\(size)"]
            _ = await connection.send(Self.head("416 Range Not Satisfiable", fields))
            return
        }
        var fields = ["Content-Length: \(range.count)", "Accept-Ranges: bytes"]
        if request.hasRange {
            fields.append(
                "Content-Range: bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
            )
        }
        let head = Self.head(request.hasRange ? "206 Partial Content" : "200 OK", fields)
        guard await connection.send(head), !request.isHead else { return }
        await send(range, to: connection)
    }

    private func send(_ range: Range<Int>, to connection: LoopbackConnection) async {
        var (place, count) = (range.lowerBound, 0)
        while place < range.upperBound {
            do {
                let bytes = try await blocks.bytes(from: place, blocksInRow: count)
                    .prefix(range.upperBound - place)
                guard await connection.send(Array(bytes)) else { return }
                place += bytes.count
                count += 1
            } catch {
                state.withLock { state in
                    if state.failure == nil, !state.isStopped { state.failure = error }
                }
                return
            }
        }
    }

    private static func head(_ status: String, _ fields: [String]) -> [UInt8] {
        let lines =
            ["HTTP/1.1 \(status)"] + fields
            + ["Content-Type: application/octet-stream", "Connection: close", "", ""]
        return Array(lines.joined(separator: "\r\n").utf8)
    }
}

/// What a program asks of the relay.
package struct RelayRequest: Sendable {
    let isHead: Bool
    /// The path, as it was sent.
    let target: String
    /// The bytes that are wanted; nil for all. Without the last one: to the end.
    private let wanted: (first: Int, last: Int?)?

    /// Reads the head of a request; nil when it is none of those that are answered.
    package init?(_ text: String) {
        let lines = text.exactLines
        guard let words = lines.first?.split(exactly: " "), words.count == 3,
            words[0].isExactly("GET") || words[0].isExactly("HEAD"),
            words[2].hasPrefix(exactly: "HTTP/1.")
        else { return nil }
        isHead = words[0].isExactly("HEAD")
        target = String(words[1])
        var wanted: (Int, Int?)?
        for line in lines.dropFirst() {
            guard let (name, value) = line.divided(atFirst: ":"),
                name.lowercased().isExactly("range"),
                let range = value.trimmed.removing(prefix: "bytes="),
                let (first, last) = range.divided(atFirst: "-"), let start = Int(first), start >= 0
            else { continue }
            guard last.isEmpty || (Int(last) ?? -1) >= start else { return nil }
            wanted = (start, Int(last))
        }
        self.wanted = wanted
    }

    /// Whether it names bytes.
    var hasRange: Bool { wanted != nil }

    /// The bytes that are wanted of an object; nil when it does not have them.
    package func range(in size: Int) -> Range<Int>? {
        guard let wanted else { return 0..<size }
        guard wanted.first < size else { return nil }
        let last = wanted.last.map { min($0, size - 1) } ?? size - 1
        return wanted.first..<last + 1
    }
}
