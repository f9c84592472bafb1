import Diagnostics
import Files
import SystemPackage
import Transfers

/// Where uploads in one request end.
package struct UploadLimits: Sendable {
    /// The largest object, in bytes, that is sent in one request; stores take 5 GB at most.
    package var whole = 5_000_000_000
    /// The size of the parts of larger ones, in bytes; stores take no smaller ones than 5 MiB, but
    /// for the last, and no more than 10,000.
    package var part = 64 << 20

    package init() {}

    /// The size of the parts of an object.
    func partSize(of bytes: Int) -> Int { max(part, (bytes + 9999) / 10_000) }
}

/// A file that is to be an object.
package struct StoreUpload: Sendable {
    package let path: FilePath
    package let address: StoreAddress
    /// Facts that are kept with it; names in lower case, values in ASCII.
    package var metadata: [String: String]

    package init(path: FilePath, address: StoreAddress, metadata: [String: String] = [:]) {
        (self.path, self.address, self.metadata) = (path, address, metadata)
    }
}

extension ObjectStore {
    /// Uploads a file. The object appears when it is whole; one that is there is replaced.
    ///
    /// - Parameters:
    ///   - upload: the file and its address.
    ///   - limits: which files are sent in parts.
    /// - Throws: `EightCutError`, `CancellationError`; parts that were sent are then deleted.
    package func put(_ upload: StoreUpload, limits: UploadLimits = UploadLimits()) async throws {
        let bytes = try Self.size(of: upload.path)
        guard bytes <= limits.whole else {
            return try await putParts(upload, bytes: bytes, size: limits.partSize(of: bytes))
        }
        var request = StoreRequest(.put(try StoreBody(upload.path)), upload.address)
        request.metadata = upload.metadata
        _ = try await send(request, accepting: [200])
    }

    private static func size(of path: FilePath) throws -> Int {
        guard let status = FileStatus(following: path), status.kind == .file else {
            throw EightCutError(
                .inputMissing,
                "cannot upload",
                on: path.string,
                because: "there is no such file"
            )
        }
        return status.bytes
    }

    // MARK: - Parts

    private func putParts(_ upload: StoreUpload, bytes: Int, size: Int) async throws {
        var begin = StoreRequest(.post(.empty), upload.address)
        begin.query = ["uploads": ""]
        begin.metadata = upload.metadata
        let (_, answer) = try await send(begin, accepting: [200])
        guard let id = StoreXML(answer).first("UploadId"), !id.isEmpty else {
            throw unusable(begin, "it gives no number for an upload in parts")
        }
        do {
            let file = try FileDescriptor.open(upload.path, .readOnly, options: .nonBlocking)
            defer { try? file.close() }
            try await send(file, bytes, size, upload, id)
        } catch {
            await abort(upload, id)
            throw (error as? Errno).map { fileError("cannot upload", upload.path, $0) } ?? error
        }
    }

    private func send(
        _ file: FileDescriptor,
        _ bytes: Int,
        _ size: Int,
        _ upload: StoreUpload,
        _ id: String
    ) async throws {
        // curl sends whole files, so each part is one for a moment.
        let folder = try OpenFolder(upload.path.absolute.removingLastComponent())
        var etags: [String] = []
        for start in stride(from: 0, to: bytes, by: size) {
            let part = try folder.newFile(for: "part", permissions: .privateFile)
            try Self.copy(file, start..<min(start + size, bytes), to: part.descriptor)
            let body = try StoreBody(part.descriptor, readAt: part.childPath)
            var request = StoreRequest(.put(body), upload.address)
            request.query = ["partNumber": "\(etags.count + 1)", "uploadId": id]
            let (head, _) = try await send(request, accepting: [200])
            guard let etag = head["etag"], etag.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
                throw unusable(request, "it gives no etag for a part")
            }
            etags.append(etag.replacing(exactly: "&", with: "").replacing(exactly: "<", with: ""))
        }
        let list = try folder.newFile(for: "parts", permissions: .privateFile)
        let parts = etags.enumerated().map {
            "<Part><PartNumber>\($0.offset + 1)</PartNumber><ETag>\($0.element)</ETag></Part>"
        }
        try list.descriptor.writeAll(
            "<CompleteMultipartUpload>\(parts.joined())</CompleteMultipartUpload>".utf8
        )
        let body = try StoreBody(list.descriptor, readAt: list.childPath)
        var request = StoreRequest(.post(body), upload.address)
        request.query = ["uploadId": id]
        // The store may put gigabytes together before it answers.
        request.timeLimit = 900
        let (head, answer) = try await send(request, accepting: [200])
        // It begins its answer before it knows how that ends.
        if StoreXML(answer).first("Code") != nil {
            throw StoreFailure(request, settings, head, body: answer).error
        }
    }

    private static func copy(
        _ file: FileDescriptor,
        _ range: Range<Int>,
        to part: FileDescriptor
    ) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        var place = range.lowerBound
        while place < range.upperBound {
            try Task.checkCancellation()
            let wanted = UnsafeMutableRawBufferPointer(
                rebasing: buffer[..<min(buffer.count, range.upperBound - place)]
            )
            let count = try file.read(fromAbsoluteOffset: Int64(place), into: wanted)
            // The file has become shorter.
            guard count > 0 else { throw Errno.ioError }
            try part.writeAll(UnsafeRawBufferPointer(rebasing: wanted[..<count]))
            place += count
        }
    }

    /// Deletes the parts that were sent: the store keeps them, and bills them, until then. It must be
    /// over soon, since the run may be ending.
    private func abort(_ upload: StoreUpload, _ id: String) async {
        var request = StoreRequest(.delete, upload.address)
        request.query = ["uploadId": id]
        request.timeLimit = 0.7
        // In a task of its own: this one may be cancelled.
        let (store, abortion) = (self, request)
        let isDone = await Task.detached {
            (try? await store.attempt(abortion, accepting: [200, 204, 404]) { _ in }) != nil
        }.value
        if !isDone {
            note(
                "parts of \(quoted(upload.address.description)) may be left in the store: "
                    + "a rule of the bucket can delete incomplete uploads"
            )
        }
    }
}
