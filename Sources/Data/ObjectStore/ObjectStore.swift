import Diagnostics
import Files
import SystemPackage
import Transfers

/// An object as its store describes it.
package struct StoredObject: Sendable, Equatable {
    package let address: StoreAddress
    /// Size in bytes.
    package let bytes: Int
    /// Identifies the content, without quotes.
    package let etag: String
    /// Facts that were written with it; names in lower case. A list does not have them.
    package var metadata: [String: String] = [:]

    package init(address: StoreAddress, bytes: Int, etag: String) {
        (self.address, self.bytes, self.etag) = (address, bytes, etag)
    }
}

/// A store of objects that speaks Amazon's protocol S3, reached by curl, which signs the requests.
///
/// Every operation is tried again after transient failures. Errors name bucket and key, and have the
/// codes `inputMissing` (no such object or bucket), `notPermitted` (the store refuses), `networkFailed`
/// and `inputOutput`.
package struct ObjectStore: Sendable {
    let settings: StoreSettings
    /// Called with what is worth a line: that something is tried again.
    let note: @Sendable (String) -> Void

    /// - Parameters:
    ///   - settings: which store.
    ///   - note: called with what is worth a line.
    package init(_ settings: StoreSettings, note: @escaping @Sendable (String) -> Void) {
        (self.settings, self.note) = (settings, note)
    }

    /// The most bytes of an answer that is not an object's content.
    private static let answerLimit = 16 << 20

    // MARK: - Objects

    /// Asks for an object.
    ///
    /// - Returns: nil if there is none.
    /// - Throws: `EightCutError`.
    package func find(_ address: StoreAddress) async throws -> StoredObject? {
        var request = StoreRequest(.head, address)
        request.timeLimit = 30
        let (head, _) = try await send(request, accepting: [200, 404])
        guard head.status == 200 else { return nil }
        guard let bytes = head["content-length"].flatMap({ Int($0) }), bytes >= 0,
            let etag = head["etag"].flatMap(Self.etag)
        else {
            throw unusable(request, "it gives no size or no etag")
        }
        var object = StoredObject(address: address, bytes: bytes, etag: etag)
        object.metadata = head.fields(prefix: "x-amz-meta-")
        return object
    }

    /// Asks for an object that must be there.
    package func object(_ address: StoreAddress) async throws -> StoredObject {
        if let object = try await find(address) { return object }
        throw EightCutError(
            .inputMissing,
            "cannot read from the object store",
            on: address.description,
            because: "there is no such object",
            remedy: "Check bucket and key: upper and lower case, spaces and slashes count."
        )
    }

    /// Reads some bytes of an object.
    ///
    /// - Parameters:
    ///   - range: which bytes; not empty, within the object.
    ///   - object: its state: if it has changed meanwhile, that is an error.
    /// - Returns: all of them.
    /// - Throws: `EightCutError`.
    package func read(_ range: Range<Int>, of object: StoredObject) async throws -> [UInt8] {
        var request = StoreRequest(.get, object.address)
        request.range = range
        request.etag = object.etag
        let (head, bytes) = try await send(request, accepting: [200, 206], limit: range.count)
        guard head.status == 206 || range == 0..<object.bytes else {
            throw unusable(request, "it does not give parts of objects")
        }
        return bytes
    }

    /// Reads a small object.
    ///
    /// - Returns: nil if there is none.
    /// - Throws: `EightCutError`, also when there are more than `limit` bytes.
    package func content(of address: StoreAddress, limit: Int) async throws -> [UInt8]? {
        let request = StoreRequest(.get, address)
        let (head, bytes) = try await send(request, accepting: [200, 404], limit: limit)
        return head.status == 200 ? bytes : nil
    }

    /// Writes an object into a file, which appears when it is whole.
    ///
    /// - Parameters:
    ///   - object: its state: if it has changed meanwhile, that is an error.
    ///   - path: the file; one that is there is replaced.
    ///   - onBytes: called with the number of bytes so far.
    /// - Throws: `EightCutError`, `CancellationError`, or what `onBytes` throws.
    package func download(
        _ object: StoredObject,
        to path: FilePath,
        onBytes: @escaping (Int) throws -> Void = { _ in }
    ) async throws {
        guard let name = path.lastComponent else {
            throw fileError("cannot write", path, .isDirectory)
        }
        let file = try OpenFolder.creating(path.removingLastComponent()).newFile(for: name)
        var (count, mark) = (0, 0)
        var retry = Retry(note: note)
        while count < object.bytes {
            do {
                var request = StoreRequest(.get, object.address)
                request.etag = object.etag
                request.range = count..<object.bytes
                try await attempt(request, accepting: count == 0 ? [200, 206] : [206]) { piece in
                    guard piece.count <= object.bytes - count else {
                        throw unusable(request, "it sends more bytes than it announced")
                    }
                    do {
                        try file.descriptor.writeAll(piece)
                    } catch let error as Errno {
                        throw fileError("cannot write", path, error)
                    }
                    count += piece.count
                    try onBytes(count)
                }
                guard count < object.bytes else { break }
                throw TransferFailure(error: endedEarly(request))
            } catch let failure as TransferFailure {
                let hasAdvanced = count - mark >= Retry.leastAdvance
                if hasAdvanced { mark = count }
                try await retry.pause(after: failure, hasAdvanced: hasAdvanced)
            }
        }
        try file.publish(replaces: true)
    }

    /// Deletes an object, if it is there.
    package func remove(_ address: StoreAddress) async throws {
        _ = try await send(StoreRequest(.delete, address), accepting: [200, 204, 404])
    }

    /// Lists objects.
    ///
    /// - Parameters:
    ///   - bucket: where.
    ///   - prefix: what their keys begin with.
    ///   - limit: the most that are asked for.
    /// - Returns: all of them, sorted by key.
    /// - Throws: `EightCutError`.
    package func list(
        _ bucket: String,
        prefix: String,
        limit: Int = .max
    ) async throws -> [StoredObject] {
        var (objects, token) = ([StoredObject](), String?.none)
        repeat {
            var request = StoreRequest(.get, bucket: bucket, key: "")
            request.query = ["list-type": "2", "prefix": prefix]
            request.query["max-keys"] = "\(min(limit - objects.count, 1000))"
            request.query["continuation-token"] = token
            let (_, body) = try await send(request, accepting: [200])
            let answer = StoreXML(body)
            for element in answer.all("Contents") {
                guard let key = element.first("Key"), key.hasPrefix(exactly: prefix),
                    let bytes = element.first("Size").flatMap({ Int($0) }), bytes >= 0,
                    let etag = element.first("ETag").flatMap(Self.etag)
                else { throw unusable(request, "its list of objects cannot be read") }
                let address = StoreAddress(bucket: bucket, key: key)
                objects.append(StoredObject(address: address, bytes: bytes, etag: etag))
            }
            let next = answer.first("NextContinuationToken")
            guard next == nil || next != token else {
                throw unusable(request, "its list of objects does not end")
            }
            token = answer.first("IsTruncated") == "true" ? next : nil
        } while token != nil && objects.count < limit
        return objects
    }

    // MARK: - Requests

    /// Sends a request until it succeeds, and collects the answer.
    ///
    /// - Parameters:
    ///   - request: what to ask for.
    ///   - statuses: those that are no errors.
    ///   - limit: the most bytes of the answer's body.
    /// - Returns: the answer.
    /// - Throws: `EightCutError`.
    func send(
        _ request: StoreRequest,
        accepting statuses: Set<Int>,
        limit: Int = ObjectStore.answerLimit
    ) async throws -> (head: HTTPHead, body: [UInt8]) {
        try await Retry(note: note).run {
            var body: [UInt8] = []
            let head = try await attempt(request, accepting: statuses) { piece in
                guard piece.count <= limit - body.count else {
                    throw unusable(request, "its answer has more than \(limit) bytes")
                }
                body.append(contentsOf: piece)
            }
            if let range = request.range, head.status == 206, body.count != range.count {
                throw TransferFailure(error: endedEarly(request))
            }
            return (head, body)
        }
    }

    /// Sends a request once.
    ///
    /// - Parameters:
    ///   - request: what to ask for.
    ///   - statuses: those that are no errors.
    ///   - reader: gets the body of an answer that is no error.
    /// - Returns: the head of the answer.
    /// - Throws: `TransferFailure` when trying again may help, else `EightCutError`, or what `reader`
    ///   throws.
    @discardableResult
    func attempt(
        _ request: StoreRequest,
        accepting statuses: Set<Int>,
        _ reader: @escaping Curl.BodyReader
    ) async throws -> HTTPHead {
        try await SigningCurl.check()
        var complaint: [UInt8] = []
        let head = try await Curl.run(try request.curl(settings)) { head in
            if statuses.contains(head.status) {
                // The body of a 404 is no content.
                return head.status == 404 ? { _ in } : reader
            }
            return { complaint.append(contentsOf: $0.prefix(max(0, (1 << 16) - complaint.count))) }
        }
        guard statuses.contains(head.status) else {
            throw StoreFailure(request, settings, head, body: complaint).error
        }
        return head
    }

    /// An etag without its quotes; nil when it could not be sent back.
    private static func etag(_ text: String) -> String? {
        let etag = text.trimming { $0 == "\"" }
        return !etag.isEmpty && etag.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != 0x22 }
            ? String(etag) : nil
    }

    func unusable(_ request: StoreRequest, _ why: String) -> EightCutError {
        EightCutError(
            .networkFailed,
            request.what,
            on: request.address.description,
            because: "the answer of the store cannot be used: \(why)",
            remedy: "Check AWS_ENDPOINT_URL."
        )
    }

    private func endedEarly(_ request: StoreRequest) -> EightCutError {
        EightCutError(
            .networkFailed,
            request.what,
            on: request.address.description,
            because: "the store ended the transfer early",
            remedy: "Run the same command again."
        )
    }
}
