import Diagnostics
import ObjectStore
import Testing

@Suite struct StoreAddressTests {
    @Test(arguments: [
        ("s3://films/a", "films", "a"),
        ("S3://films/a/b c+d%20é?#&.mp4", "films", "a/b c+d%20é?#&.mp4"),
        ("s3://my.bucket_1/x/", "my.bucket_1", "x/"),
        ("s3://films//a//b/../c", "films", "/a//b/../c"),
    ])
    func anAddressIsTakenAsItIsWritten(text: String, bucket: String, key: String) throws {
        let address = try StoreAddress(text)
        #expect(address.bucket == bucket)
        #expect(address.key == key)
        #expect(try StoreAddress(address.description) == address)
    }

    @Test(arguments: [
        "", "films/a", "s3:/films/a", "s3://", "s3://films", "s3://films/", "s3:///a", "s3://a/b",
        "s3://fi lms/a", "s3://fi:lms/a", "s3://user@films/a", "s3://../a", "s3://films\u{301}/a",
        "https://films/a", "s3://films/" + String(repeating: "ü", count: 513),
    ])
    func whatIsNoAddressIsRefused(text: String) {
        #expect { try StoreAddress(text) } throws: { ($0 as? EightCutError)?.code == .usage }
    }

    /// Two keys whose letters are composed differently are two objects.
    @Test func keysAreComparedByBytes() throws {
        #expect(try StoreAddress("s3://films/\u{e9}") != StoreAddress("s3://films/e\u{301}"))
    }

    @Test func namesAreAppendedWithOneSlash() throws {
        for text in ["s3://films/a/b", "s3://films/a/b/"] {
            let address = try StoreAddress(text)
            #expect(address.appending("masks.json").description == "s3://films/a/b/masks.json")
            #expect(address.name == "b")
        }
    }
}

@Suite struct StoreSettingsTests {
    private static let credentials = [
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "hidden/secret+",
        "AWS_SESSION_TOKEN": "hidden-token",
    ]

    private func settings(_ changes: [String: String]) throws -> StoreSettings {
        let variables = Self.credentials.merging(changes) { $1 }
        return try StoreSettings { variables[$0] }
    }

    @Test func theSpecificVariablesWin() throws {
        let settings = try settings([
            "AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "us-west-2",
            "AWS_ENDPOINT_URL": "http://other", "AWS_ENDPOINT_URL_S3": "http://store:9000//",
        ])
        #expect(settings.region == "eu-west-1")
        #expect(settings.endpoint == "http://store:9000")
        #expect(try self.settings(["AWS_DEFAULT_REGION": "us-west-2"]).region == "us-west-2")
        #expect(try self.settings(["AWS_REGION": " "]).region == "us-east-1")
        #expect(try self.settings(["AWS_ENDPOINT_URL": "http://o"]).endpoint == "http://o")
    }

    @Test(arguments: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
    func missingCredentialsAreNamed(name: String) {
        #expect { try settings([name: ""]) } throws: {
            let error = $0 as? EightCutError
            return error?.code == .notPermitted && error?.why.contains(name) == true
        }
    }

    @Test(arguments: [
        ("AWS_SECRET_ACCESS_KEY", "a\nurl = x"), ("AWS_SESSION_TOKEN", "a b"),
        ("AWS_REGION", "eu west"), ("AWS_ENDPOINT_URL", "store:9000"),
        ("AWS_ENDPOINT_URL", "http://user:hidden@store"), ("AWS_ENDPOINT_URL_S3", "http://s/?a"),
    ])
    func valuesThatWouldBecomePartsOfARequestAreRefused(name: String, value: String) {
        #expect { try settings([name: value]) } throws: {
            guard let error = $0 as? EightCutError else { return false }
            return error.code == .usage && error.subject == name
                && !error.description.contains("hidden")
        }
    }

    @Test func nothingThatDescribesThemHasASecret() throws {
        let settings = try settings([:])
        var text = "\(settings) \(String(reflecting: settings))"
        dump(settings, to: &text)
        #expect(!text.contains("hidden"))
    }
}
