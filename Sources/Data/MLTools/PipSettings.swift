import Diagnostics
import Files
import FoundationEssentials
import Processes

/// The part of pip's configuration that decides how packages are reached: mirrors, proxies,
/// certificates. Nothing else of it has a say in an installation: options such as `prefix`,
/// `target`, `root`, `dry-run`, `constraint` or `python` would lead it elsewhere or change what
/// is installed.
package struct PipSettings: Sendable, Equatable {
    /// pip's options, as they are called in its files. A list there is of words.
    package static let options = [
        "index-url", "pypi-url", "extra-index-url", "find-links", "no-index", "trusted-host",
        "cert", "client-cert", "proxy", "timeout", "default-timeout", "retries", "cache-dir",
        "no-cache-dir", "keyring-provider",
    ]

    /// Those that are set, as pip's variables: `PIP_INDEX_URL` and so on. They go into the
    /// environment, not onto the command line, which others can read: addresses of mirrors may
    /// have passwords in them.
    package let variables: [String: String]

    /// Nothing is set.
    package static let none = PipSettings(variables: [:])

    private init(variables: [String: String]) {
        self.variables = variables
    }

    /// Reads what the script has printed: a JSON object of strings.
    ///
    /// - Returns: nil if it is anything else, or has other names than those of the options.
    package init?(json: some Collection<UInt8>) {
        guard let values = try? JSONDecoder().decode([String: String].self, from: Data(json)),
            values.keys.allSatisfy(Self.options.contains),
            values.values.allSatisfy({ !$0.utf8.contains(0) })
        else { return nil }
        self.init(
            variables: Dictionary(
                uniqueKeysWithValues: values.map { (Self.variable(of: $0.key), $0.value) }
            )
        )
    }

    /// Reads the configuration files and variables of pip, as pip itself does.
    ///
    /// pip is not asked: its files can make it run another Python, write a log or print nothing.
    ///
    /// - Throws: `EightCutError` of code `toolFailed` when a file is not valid;
    ///   `CancellationError`.
    static func ofUser() async throws -> PipSettings {
        // With the variables of pip, which tool processes do not get otherwise.
        let end = try await ShortChild.run(
            .name("python3"),
            ["-I", "-c", script] + options,
            environment: ToolEnvironment.withPip
        )
        let why: String
        switch end {
        case .notFound: why = "the program python3 is not installed"
        case .failed(let reason): why = reason
        case .ended(0, let output, _):
            if let settings = PipSettings(json: output.utf8) { return settings }
            why = "its values make no sense"
        case .ended(let status, _, let errors):
            why =
                errors.split(exactly: "\n").last.map { visible(String($0)) }
                ?? "python3 ended with status \(status)"
        }
        throw EightCutError(
            .toolFailed,
            "cannot read pip's configuration",
            because: why,
            remedy: "Correct the file, or ignore all of them with PIP_CONFIG_FILE=/dev/null."
        )
    }

    private static func variable(of option: String) -> String {
        "PIP_" + option.uppercased().replacing(exactly: "-", with: "_")
    }

    /// Prints the options that are named on its command line as JSON.
    ///
    /// Order and sections are pip's: files of the system, then of the user or `PIP_CONFIG_FILE`;
    /// of their sections `global`, then `install`; then variables. Paths are relative to the
    /// folder that the user is in, and pip runs in another.
    private static let script = """
        import configparser, json, os, sys
        wanted = sys.argv[1:]
        own = os.environ.get("PIP_CONFIG_FILE")
        config = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
        shared = (os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(os.pathsep)
        files = [os.path.join(folder, "pip", "pip.conf") for folder in shared] + ["/etc/pip.conf"]
        if not (own and os.path.exists(own)):
            files += ["~/.pip/pip.conf", os.path.join(config, "pip", "pip.conf")]
        files += [own] if own else []
        files = [] if own == os.devnull else [os.path.expanduser(name) for name in files]
        sections = {"global": {}, "install": {}}
        for name in files:
            if not os.path.isfile(name) or os.path.getsize(name) > 1 << 20:
                continue
            parser = configparser.RawConfigParser()
            try:
                with open(name, encoding="utf-8") as file:
                    parser.read_file(file)
            except PermissionError:
                continue
            except (OSError, UnicodeError, configparser.Error) as error:
                sys.exit(name + ": " + " ".join(str(error).split()))
            for section, values in sections.items():
                if parser.has_section(section):
                    values.update(parser.items(section))
        values = {}
        plain = lambda key: key.lower().replace("_", "-").lstrip("-")
        variables = [(key[4:], value) for key, value in os.environ.items() if key[:4] == "PIP_"]
        for items in [sections["global"].items(), sections["install"].items(), variables]:
            for key, value in items:
                if plain(key) in wanted and value.strip():
                    values[plain(key)] = " ".join(value.split())
        def place(word):
            path = os.path.expanduser(word)
            return os.path.abspath(path) if os.path.exists(path) else word
        for key in ["cert", "client-cert", "cache-dir"]:
            if key in values:
                values[key] = os.path.abspath(os.path.expanduser(values[key]))
        if "find-links" in values:
            values["find-links"] = " ".join(place(word) for word in values["find-links"].split())
        print(json.dumps(values))
        """
}

/// Variables of the child processes that run Python, pip and the installed libraries.
enum ToolEnvironment {
    /// Changes to ours: without the variables of Python and pip, which lead Python out of its
    /// environment, or pip away from the one it belongs to, and without pip's files.
    static var changes: [String: String?] {
        var changes = removals(["PYTHON", "_PYTHON", "PIP_", "_PIP_"])
        changes["PIP_CONFIG_FILE"] = "/dev/null"
        return changes
    }

    /// The same with pip's variables, for whoever looks at them.
    static var withPip: [String: String?] { removals(["PYTHON", "_PYTHON"]) }

    private static let others = ["VIRTUAL_ENV", "__PYVENV_LAUNCHER__", "CONDA_PREFIX"]

    private static func removals(_ prefixes: [String]) -> [String: String?] {
        let names = others + ChildEnvironment.names
        var changes: [String: String?] = [:]
        for name in names
        where others.contains(name) || prefixes.contains(where: { name.hasPrefix(exactly: $0) }) {
            changes.updateValue(nil, forKey: name)
        }
        return changes
    }
}
