import Checkpoints
import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing
import Transfers

@Suite struct SettingsTests {
    @Test(
        arguments: [
            ([:], "/home/u/.cache/huggingface/hub"),
            (["XDG_CACHE_HOME": "/xdg"], "/xdg/huggingface/hub"),
            (["XDG_CACHE_HOME": "/xdg", "HF_HOME": "/hf"], "/hf/hub"),
            (["HF_HOME": "~/hf"], "/home/u/hf/hub"),
            (["HF_HOME": "  "], "/home/u/.cache/huggingface/hub"),
            (["HF_HOME": "/hf", "HF_HUB_CACHE": "/cache"], "/cache"),
        ] as [([String: String], String)]
    )
    func theCacheIsWhereTheHubsClientHasIt(variables: [String: String], path: String) {
        let environment = HubEnvironment(variables.merging(["HOME": "/home/u"]) { $1 })
        #expect(environment.cache == FilePath(path))
    }

    @Test(arguments: [("1", true), ("yes", true), ("True", true), ("0", false), ("", false)])
    func offlineIsASwitch(value: String, isOn: Bool) throws {
        let settings = try HubSettings(HubEnvironment(["HF_HUB_OFFLINE": value]))
        #expect(settings.isOffline == isOn)
    }

    @Test(arguments: [
        ("30", 30), ("0.2", 1), ("-5", 10), ("nan", 10), ("1e99", 10), ("soon", 10),
    ])
    func oddTimesAreNotUsed(value: String, seconds: Int) {
        let environment = HubEnvironment(["HF_HUB_DOWNLOAD_TIMEOUT": value])
        #expect(environment.seconds("HF_HUB_DOWNLOAD_TIMEOUT", fallback: 10) == seconds)
    }

    @Test(arguments: [
        "no-address", "ftp://host", "https://a/b?c", "https://u:p@host", "http://a\nb",
    ])
    func anOddEndpointIsRefused(value: String) {
        let error = #expect(throws: EightCutError.self) {
            try HubSettings(HubEnvironment(["HF_ENDPOINT": value]))
        }
        #expect(error?.code == .usage)
    }

    @Test func theTokenIsFoundAndGoesToTheHubOnly() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write("hf_file\n", to: folder["token"])
        try AtomicFile.write("hf_other", to: folder["other"])
        let home = ["HF_HOME": folder.path.string, "HF_ENDPOINT": "https://hub.example/sub/"]
        let hub = try #require(ServerURL("https://hub.example/x"))
        let cdn = try #require(ServerURL("https://cdn.example/x"))
        let cases = [
            ([:], "hf_file"), (["HF_TOKEN_PATH": folder["other"].string], "hf_other"),
            (["HF_TOKEN": "hf_env"], "hf_env"),
        ]
        for (variables, token) in cases {
            let settings = try HubSettings(
                HubEnvironment(home.merging(variables) { $1 })
            )
            #expect(settings.endpoint == "https://hub.example/sub")
            #expect(settings.token(for: hub) == token)
            #expect(settings.token(for: cdn) == nil)
            #expect(!"\(settings)".contains("hf_"))
            #expect(!String(reflecting: settings).contains(token))
        }
    }

    @Test(arguments: ["a b", "a\"\nurl = \"x", "tökən"])
    func aTokenThatIsNoneIsRefusedAndNotShown(token: String) {
        let error = #expect(throws: EightCutError.self) {
            try HubSettings(HubEnvironment(["HF_TOKEN": token])).checkToken()
        }
        #expect(error?.description.contains(token) == false)
    }

    @Test func valuesForCurlCannotBecomeOptions() throws {
        var config = CurlConfig()
        config.set("silent")
        try config.set("url", "http://a/\"\\\"")
        #expect(config.text == "silent\nurl = \"http://a/\\\"\\\\\\\"\"\n")
        for value in ["a\noutput = x", "a\r", "a\u{0}b", "a\u{7f}"] {
            #expect(throws: EightCutError.self) { try config.set("header", value) }
        }
    }

    @Test(
        arguments: [
            ("https://hub.example", true), ("http://localhost:80", true),
            ("http://127.0.0.1:8080", true), ("http://127.1.2.3", true), ("http://[::1]:9", true),
            ("http://hub.example", false), ("http://127.0.0.1.example", false),
            ("http://127.0.0.256", false), ("http://localhost.example:80", false),
            ("http://0.0.0.0:80", false), ("http://10.0.0.1", false), ("http://[::2]:1", false),
            ("http://127.0.0", false), ("http://127..0.1", false),
        ]
    )
    func aTokenCrossesANetworkOnlyEncrypted(endpoint: String, isSent: Bool) throws {
        let variables = ["HF_ENDPOINT": endpoint, "HF_TOKEN": "hf_secret"]
        let settings = try HubSettings(HubEnvironment(variables))
        let url = try #require(ServerURL(endpoint + "/a/b"))
        #expect(settings.token(for: url) == (isSent ? "hf_secret" : nil))
        #expect(settings.withholdsToken == !isSent)
        let none = try HubSettings(
            HubEnvironment(["HF_ENDPOINT": endpoint, "HF_TOKEN_PATH": "/no-such-file"])
        )
        #expect(!none.withholdsToken)
    }

    /// A proxy would see a token that is not encrypted.
    @Test func aTokenOnThisMachineDoesNotGoThroughAProxy() throws {
        var request = HubRequest(
            url: try #require(ServerURL("http://127.0.0.1:8080/a")),
            isHead: true,
            connectSeconds: 1,
            stallSeconds: 1
        )
        #expect(try request.config(token: "hf_secret").text.contains("noproxy = \"*\""))
        #expect(try !request.config(token: nil).text.contains("noproxy"))
        request.url = try #require(ServerURL("https://hub.example/a"))
        #expect(try !request.config(token: "hf_secret").text.contains("noproxy"))
    }
}
