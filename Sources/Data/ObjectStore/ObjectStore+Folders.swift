import Diagnostics
import Files
import Processes
import SystemPackage
import Transfers

extension ObjectStore {
    /// Transfers at a time.
    private static let width = 8
    /// Files for one curl: with connections that stay open, a small file takes a tenth of the time
    /// that a process of its own would take.
    private static let batch = 256

    /// Uploads many files, several at a time. What the store has already is left as it is.
    ///
    /// - Parameters:
    ///   - uploads: the files and their addresses.
    ///   - existing: what is there, from `list`.
    ///   - limits: which files are sent in parts.
    ///   - onFiles: called with the number of files that are there.
    /// - Throws: `EightCutError` for the first that cannot be uploaded, `CancellationError`.
    package func put(
        _ uploads: [StoreUpload],
        existing: [StoredObject] = [],
        limits: UploadLimits = UploadLimits(),
        onFiles: (Int) throws -> Void = { _ in }
    ) async throws {
        let existing = Dictionary(existing.map { ($0.address, $0) }) { first, _ in first }
        var (done, pending) = (0, [(upload: StoreUpload, body: StoreBody)]())
        for upload in uploads {
            guard try !isThere(upload, existing[upload.address]) else {
                done += 1
                continue
            }
            let body = try StoreBody(upload.path)
            if body.bytes > limits.whole {
                try await put(upload, limits: limits)
                done += 1
                try onFiles(done)
                continue
            }
            pending.append((upload, body))
            if pending.count == Self.batch {
                try await send(pending)
                done += pending.count
                pending = []
                try onFiles(done)
            }
        }
        if !pending.isEmpty { try await send(pending) }
        try onFiles(uploads.count)
    }

    /// Whether the store has a file's content already. Where it encrypts, its etags do not show that.
    private func isThere(_ upload: StoreUpload, _ object: StoredObject?) throws -> Bool {
        guard upload.metadata.isEmpty, let object,
            FileStatus(following: upload.path)?.bytes == object.bytes
        else { return false }
        do {
            let digest = Digest(.md5)
            let file = try FileDescriptor.open(upload.path, .readOnly, options: .nonBlocking)
            try file.closeAfter { try digest.update(reading: file) { _ in } }
            return digest.finish() == object.etag
        } catch let error as Errno {
            throw fileError("cannot upload", upload.path, error)
        }
    }

    /// Sends files with one curl. Those that fail are sent again alone, which also finds the reason.
    private func send(_ uploads: [(upload: StoreUpload, body: StoreBody)]) async throws {
        try await SigningCurl.check()
        var config = CurlConfig()
        config.set("parallel")
        try config.set("parallel-max", "\(Self.width)")
        for (index, (upload, body)) in uploads.enumerated() {
            if index > 0 { config.set("next") }
            var request = StoreRequest(.put(body), upload.address)
            request.metadata = upload.metadata
            try request.add(to: &config, settings)
            try config.set("output", "/dev/null")
            try config.set("write-out", "\(index) %{http_code} %{exitcode}\\n")
        }
        let sent = try await run(config)
        for (index, (upload, _)) in uploads.enumerated() where !sent.contains(index) {
            try await put(upload)
        }
    }

    /// - Returns: the numbers of the uploads that have succeeded.
    private func run(_ config: CurlConfig) async throws -> Set<Int> {
        do {
            return try await Curl.process.run(input: .piped, output: .piped) { child in
                async let sent = Self.succeeded(child.output)
                try await Curl.configure(child, config)
                return try await sent
            }.result
        } catch let error as ChildProcessError {
            throw error.error(
                "cannot write to the object store",
                on: nil,
                remedy: PackageManager.current.advice(on: .curl)
            )
        }
    }

    private static func succeeded(_ output: ChildOutput) async throws -> Set<Int> {
        var numbers: Set<Int> = []
        for try await line in output.lines {
            let words = line.split(exactly: " ")
            guard words.count == 3, let number = Int(words[0]) else { continue }
            if words[1].isExactly("200"), words[2].isExactly("0") { numbers.insert(number) }
        }
        return numbers
    }
}
