import Files
import SystemPackage
import TestSupport
import Testing

/// What pip's configuration may say about an installation.
@Suite struct ToolsConfigurationTests {
    private static let steps = ["venv", "upgrade", "packages", "list"]

    /// A home whose `pip.conf` has some text.
    private func home(_ tools: FakeTools, _ text: String) throws -> [String: String] {
        let folder = tools.folder["user"].appending(".config").appending("pip")
        try Folder.create(folder)
        try AtomicFile.write(text, to: folder.appending("pip.conf"))
        return [
            "HOME": tools.folder["user"].string, "XDG_CONFIG_HOME": "",
            "XDG_CONFIG_DIRS": tools.folder["nothing"].string, "PIP_CONFIG_FILE": "",
            "PIP_FIND_LINKS": "", "PIP_INDEX_URL": "",
        ]
    }

    /// The variables that a step of the installation has got, as a shell lists them.
    private func variables(_ tools: FakeTools, _ step: String) throws -> [String] {
        let bytes = try MaskSet.bytes(of: tools.folder["variables-" + step])
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func optionsThatRedirectAnInstallationHaveNoEffect() async throws {
        let tools = try await FakeTools()
        let other = tools.folder["elsewhere"].string
        let text = """
            [global]
            root = \(other)
            dry-run = true
            python = /bin/false
            user = true
            require-virtualenv = true
            log = \(other)
            [install]
            prefix = \(other)
            target = \(other)
            no-deps = true
            requirement = \(other)
            constraint = \(other)
            """
        let names = [
            "PREFIX", "ROOT", "TARGET", "USER", "PYTHON", "DRY_RUN", "NO_DEPS", "REQUIREMENT",
            "CONSTRAINT", "EDITABLE", "REQUIRE_VIRTUALENV", "LOG", "CONFIG_SETTINGS", "NO_BINARY",
        ]
        var variables = try home(tools, text)
        for name in names { variables["PIP_" + name] = other }
        // A combining mark after the equals sign must not hide the variable.
        variables["PIP_SRC"] = "\u{301}" + other + "=x"
        for name in ["INSPECT", "STARTUP", "PATH", "HOME", "USERBASE", "WARNINGS", "PYCACHEPREFIX"]
        { variables["PYTHON" + name] = other }

        let result = try await tools.run("install", "--cpu", variables: variables)

        #expect(result.status == 0, "\(result.errors)")
        for step in Self.steps {
            let lines = try self.variables(tools, step)
            let pip = lines.filter { $0.contains("PIP_") || $0.contains("PYTHON") }
            #expect(
                pip.allSatisfy { !$0.contains(other) && !$0.contains("/bin/false") },
                "\(step): \(pip)"
            )
            #expect(pip.contains { $0.contains("PIP_CONFIG_FILE=") && $0.contains("/dev/null") })
            #expect(!pip.contains { $0.contains("PYTHON") || $0.contains("PIP_SRC") })
        }
    }

    @Test func mirrorsAndProxiesOfTheFileReachPip() async throws {
        let tools = try await FakeTools()
        let text = """
            # a company's
            [global]
            index_url = https://user:secret@mirror.example/simple
            extra-index-url =
                https://one.example/simple
                https://two.example/simple
            proxy = http://global.example:3128
            [install]
            proxy = http://install.example:3128
            trusted-host = mirror.example
            """
        var variables = try home(tools, text)
        variables["PIP_TRUSTED_HOST"] = "variable.example"

        let result = try await tools.run("install", "--cpu", variables: variables)

        #expect(result.status == 0, "\(result.errors)")
        let lines = try self.variables(tools, "packages")
        for (name, value) in [
            ("INDEX_URL", "https://user:secret@mirror.example/simple"),
            ("EXTRA_INDEX_URL", "https://one.example/simple https://two.example/simple"),
            ("PROXY", "http://install.example:3128"), ("TRUSTED_HOST", "variable.example"),
        ] {
            #expect(lines.contains { $0.contains("PIP_\(name)=") && $0.contains(value) }, "\(name)")
        }
        #expect(!(result.output + result.errors).contains("secret"))
    }

    @Test func aFileThatIsNotValidIsNamed() async throws {
        let tools = try await FakeTools()
        let variables = try home(tools, "index-url = https://mirror.example")
        let result = try await tools.run("install", "--cpu", variables: variables)
        #expect(result.status == 71, "\(result.errors)")
        #expect(result.errors.contains("pip.conf") && result.errors.contains("PIP_CONFIG_FILE"))
        let ignoring = variables.merging(["PIP_CONFIG_FILE": "/dev/null"]) { $1 }
        #expect(try await tools.run("install", "--cpu", variables: ignoring).status == 0)
    }

    @Test func aPipeInThePlaceOfAFileIsNotWaitedFor() async throws {
        let tools = try await FakeTools()
        var variables = try home(tools, "")
        let pipe = tools.folder["pipe"]
        #expect(try await Program.run("mkfifo", [pipe.string]).status == 0)
        variables["PIP_CONFIG_FILE"] = pipe.string
        #expect(try await tools.run("install", "--cpu", variables: variables).status == 0)
    }

    @Test func secretsOfOthersAreNotHandedOn() async throws {
        let tools = try await FakeTools()
        let secrets = ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "SESSION_COOKIE", "SOME_API_KEY"]
        let variables = try home(tools, "").merging(
            secrets.map { ($0, "\u{301}aVerySecretValue=") }
        ) { $1 }
        #expect(try await tools.run("install", "--cpu", variables: variables).status == 0)
        for step in Self.steps {
            let lines = try self.variables(tools, step)
            #expect(!lines.contains { $0.contains("aVerySecretValue") }, "\(step)")
        }
    }
}
