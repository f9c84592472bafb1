import Checkpoints
import Diagnostics
import Testing
import Transfers

@Suite struct HubAnswerTests {
    private static let commit = String(repeating: "c", count: 40)
    private static let sha256 = String(repeating: "0a", count: 32)

    private func head(_ lines: String...) throws -> HTTPHead {
        try #require(HTTPHead(lines.joined(separator: "\r\n")))
    }

    @Test func namesOfFieldsHaveNoCase() throws {
        let head = try head("HTTP/2 200", "ETag:  \"a\" ", "broken", "X-Repo-COMMIT:c:d")
        #expect(head.status == 200)
        #expect(head["etag"] == "\"a\"" && head["x-repo-commit"] == "c:d")
    }

    @Test(arguments: ["", "200 OK", "HTTP/1.1", "HTTP/1.1 9999", "HTTP/1.1 abc"])
    func whatIsNoStatusLineIsRefused(text: String) {
        #expect(HTTPHead(text) == nil)
    }

    @Test func interimAnswersAreSkippedAndTheBodyIsKept() throws {
        let text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 206 Partial\r\nA: b\r\n\r\n\r\nbody"
        for size in [1, 3, 1000] {
            var reader = HTTPHeadReader()
            var rest = Array(text.utf8)
            var body: [UInt8] = []
            var found: HTTPHead?
            while !rest.isEmpty {
                let part = Array(rest.prefix(size))
                rest.removeFirst(part.count)
                if found != nil {
                    body += part
                } else if case .head(let head, let start) = part.withUnsafeBytes({
                    reader.add($0)
                }) {
                    found = head
                    body = start
                }
            }
            #expect(found?.status == 206 && found?["a"] == "b")
            #expect(String(decoding: body, as: UTF8.self) == "\r\nbody", "\(size)")
        }
    }

    @Test func anEndlessHeadIsBroken() {
        var reader = HTTPHeadReader()
        let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: HTTPHeadReader.limit + 1)
        #expect(bytes.withUnsafeBytes { reader.add($0) } == .broken)
        var other = HTTPHeadReader()
        #expect(Array("<html>\n\n".utf8).withUnsafeBytes { other.add($0) } == .broken)
    }

    @Test func interimAnswersWithoutEndAreBroken() {
        var reader = HTTPHeadReader()
        let interim = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
        var outcome = HTTPHeadReader.Outcome.incomplete
        for _ in 0...HTTPHeadReader.limit / interim.count where outcome == .incomplete {
            outcome = interim.withUnsafeBytes { reader.add($0) }
        }
        #expect(outcome == .broken)
    }

    @Test func aCombiningMarkDoesNotHideALineEnd() throws {
        let head = try head("HTTP/1.1 200 OK\u{301}", "\u{301}A: b", "\u{301}ETag: \"x\"", "C: d")
        #expect(head["c"] == "d" && head["a"] == nil)
    }

    @Test(
        arguments: [
            ("bytes 5-9/10", 5, 10), ("bytes 0-0/*", 0, nil), ("bytes 7-/10", 7, 10),
        ] as [(String, Int, Int?)]
    )
    func rangesAreRead(text: String, start: Int, size: Int?) throws {
        let range = try #require(try head("HTTP/1.1 206 x", "Content-Range: " + text).contentRange)
        #expect(range.start == start && range.size == size)
    }

    @Test(arguments: [
        "", "bytes */10", "5-9/10", "bytes a-b/c", "bytes 5-9", "bytes 5-9/-10",
        "bytes 9223372036854775808-9/10", "bytes 5-9/9223372036854775808",
    ])
    func whatIsNoRangeIsNone(text: String) throws {
        #expect(try head("HTTP/1.1 206 x", "Content-Range: " + text).contentRange == nil)
    }

    @Test func theHubsOwnFieldsGoFirst() throws {
        let head = try head(
            "HTTP/1.1 302 Found",
            "Location: https://cdn/x",
            "X-Linked-Size: 12",
            "Content-Length: 3",
            "ETag: \"other\"",
            "X-Linked-ETag: \"\(Self.sha256)\"",
            "X-Repo-Commit: \(Self.commit)"
        )
        let file = try HubFile(name: "a", head: head, on: "r")
        #expect(file == HubFile(name: "a", etag: Self.sha256, bytes: 12))
        #expect(try HubFile.commit(head: head, on: "r") == Self.commit)
    }

    @Test func aRedirectsOwnLengthIsNotTheFiles() throws {
        let head = try head(
            "HTTP/1.1 302 Found",
            "Location: https://cdn/x",
            "Content-Length: 3",
            "ETag: \"\(Self.sha256)\""
        )
        #expect(throws: EightCutError.self) { try HubFile(name: "a", head: head, on: "r") }
    }

    @Test func aWeakTagIsAHashToo() throws {
        let head = try head("HTTP/1.1 200", "ETag: W/\"\(Self.commit)\"", "Content-Length: 0")
        #expect(try HubFile(name: "a", head: head, on: "r").etag == Self.commit)
    }

    /// Names of files are made from tags and commits.
    @Test(arguments: [
        "", "../../x", "abc", String(repeating: "A", count: 64), String(repeating: "/", count: 64),
        String(repeating: "g", count: 40), String(repeating: "a", count: 41),
        String(repeating: "ａ", count: 64),
    ])
    func tagsAndCommitsAreHexDigits(text: String) throws {
        let head = try head(
            "HTTP/1.1 200",
            "ETag: \"\(text)\"",
            "Content-Length: 1",
            "X-Repo-Commit: \(text)"
        )
        let error = #expect(throws: EightCutError.self) {
            try HubFile(name: "a", head: head, on: "r")
        }
        #expect(error?.code == .downloadDamaged)
        #expect(throws: EightCutError.self) { try HubFile.commit(head: head, on: "r") }
    }

    @Test(arguments: [
        "", "-1", "1e3", "99999999999999", "999999999999999999999999", "9223372036854775807",
        "9223372036854775808", "-9223372036854775808", "0x10", "1 2",
    ])
    func sizesArePlausible(text: String) throws {
        let head = try head(
            "HTTP/1.1 200",
            "ETag: \"\(Self.sha256)\"",
            "Content-Length: \(text)"
        )
        #expect(throws: EightCutError.self) { try HubFile(name: "a", head: head, on: "r") }
    }

    @Test func hashesAreThoseOfGitAndOfSHA256() {
        let content = Array("abc".utf8)
        func hash(_ length: Int) -> String {
            let etag = String(repeating: "0", count: length)
            let digest = HubFile(name: "a", etag: etag, bytes: 3).makeDigest()
            content.withUnsafeBytes { digest.update($0) }
            return digest.finish()
        }
        // printf abc | git hash-object --stdin
        #expect(hash(40) == "f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f")
        #expect(hash(64).hasPrefix("ba7816bf8f01cfea"))
    }
}
