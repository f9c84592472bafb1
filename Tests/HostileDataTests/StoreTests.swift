import ObjectStore
import TestSupport
import Testing

/// What stores answer, and what programs ask of the relay.
@Suite struct StoreTests {
    private static let list = """
        <?xml version="1.0" encoding="UTF-8"?>
        <ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>a &amp; b&#x41;.mp4</Key>
        <ETag>&quot;5d41402abc4b2a76b9719d911017c592&quot;</ETag><Size>5</Size></Contents>
        <Contents><Key>ü/c</Key><Size>7</Size></Contents>
        <NextContinuationToken>6558cd1e</NextContinuationToken></ListBucketResult>
        """

    @Test func answers() throws {
        let examples = [
            Self.list, "<Error><Code>NoSuchKey</Code><Message>none</Message></Error>",
        ]
        try HostileInputs("store-answer", texts: examples).run { input in
            let answer = StoreXML(input.bytes)
            for element in answer.all("Contents") {
                _ = element.first("Key")
                #expect(element.all("Contents").isEmpty)
            }
            _ = [answer.first("Code"), answer.first("NextContinuationToken")]
        }
    }

    @Test func answersAreReadWithTheirReferences() {
        let answer = StoreXML(Array(Self.list.utf8))
        let found = answer.all("Contents").map { $0.first("Key") }
        #expect(found == ["a & bA.mp4", "ü/c"])
        #expect(answer.all("Contents")[0].first("ETag") == "\"5d41402abc4b2a76b9719d911017c592\"")
        #expect(answer.first("Code") == nil)
        for text in ["&", "&;", "&#;", "&#xd800;", "&#x110000;", "&lt", "&unknown;"] {
            #expect(StoreXML(Array("<Key>\(text)</Key>".utf8)).first("Key") == nil, "\(text)")
        }
    }

    @Test func addresses() throws {
        try HostileInputs("store-address", texts: ["s3://films/a b/c+%20é.mp4"]).run { input in
            guard let address = try? StoreAddress(input.text) else { return }
            #expect(!address.key.isEmpty && !address.bucket.contains("/"))
            let again = try StoreAddress(address.description)
            #expect(again == address)
        }
    }

    @Test func requestsToTheRelay() throws {
        let examples = [
            "GET /secret/film.mp4 HTTP/1.1\r\nHost: 127.0.0.1:80\r\nRange: bytes=5-\r\n\r\n",
            "HEAD /secret/film.mp4 HTTP/1.0\r\nrange: bytes=0-99\r\n\r\n",
        ]
        try HostileInputs("relay-request", texts: examples).run { input in
            guard let range = RelayRequest(input.text)?.range(in: 1000) else { return }
            #expect(!range.isEmpty && range.lowerBound >= 0 && range.upperBound <= 1000)
        }
    }
}
