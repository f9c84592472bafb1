import Checkpoints
import Testing
import Transfers

@Suite struct ServerURLTests {
    @Test(arguments: [
        "", "huggingface.co", "ftp://host/", "http://", "http:///path", "http://a b/",
        "http://user:secret@host/", "https://host/\n", "file:///etc/passwd", "http://höst/",
    ])
    func whatIsNoAddressIsRefused(text: String) {
        #expect(ServerURL(text) == nil)
    }

    @Test(arguments: [
        ("https://Host.example", "https://host.example:443/"),
        ("http://127.0.0.1:8080/a/b?c=d#e", "http://127.0.0.1:8080/a/b?c=d"),
        ("http://[::1]/x", "http://[::1]:80/x"), ("HTTP://[::1]:9/x", "http://[::1]:9/x"),
        ("https://host?x", "https://host:443/?x"),
    ])
    func anAddressIsParsed(text: String, whole: String) {
        #expect(ServerURL(text)?.text == whole)
    }

    @Test(arguments: [
        ("/c?d", "https://hub:443/c?d"), ("c", "https://hub:443/a/c"),
        ("//other/c", "https://other:443/c"), ("https://other:8/c", "https://other:8/c"),
        ("/c?u=http://x", "https://hub:443/c?u=http://x"),
    ])
    func redirectsAreResolved(location: String, whole: String) throws {
        let url = try #require(ServerURL("https://hub/a/b?q=/x"))
        #expect(url.redirected(to: location)?.text == whole)
    }

    @Test(arguments: ["http://hub/c", "file:///etc/passwd", "ftp://hub/c", "https://u:p@hub/"])
    func redirectsToLessAreNotFollowed(location: String) throws {
        let url = try #require(ServerURL("https://hub/a/b"))
        #expect(url.redirected(to: location) == nil)
    }

    @Test func anotherPortOrNameIsAnotherServer() throws {
        let hub = try #require(ServerURL("http://127.0.0.1:80/a"))
        let same = try #require(ServerURL("http://127.0.0.1/b"))
        #expect(hub.hasSameOrigin(as: same))
        for text in ["http://localhost/", "http://127.0.0.1:81/", "https://127.0.0.1:80/"] {
            let other = try #require(ServerURL(text))
            #expect(!hub.hasSameOrigin(as: other), "\(text)")
        }
    }
}
