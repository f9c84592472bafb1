import COnnxRuntime

extension RuntimeLibrary {
    /// What all sessions of a library share.
    ///
    /// - Returns: the environment, which lives as long as somebody holds it.
    /// - Throws: `EightCutError` of code `toolFailed`.
    func makeEnvironment() throws -> Handle {
        // Errors reach us as the results of calls; what the library would say besides is noise.
        let environment = try make("an environment", release: { ort_release_env($0, $1) }) {
            ort_create_env(api, Int32(ORT_LOG_FATAL), "8cut", $0)
        }
        try check(
            ort_disable_telemetry_events(api, environment.pointer),
            "cannot set up the inference library"
        )
        return environment
    }

    /// The kinds of devices that the library was built for, as it calls them.
    public var providers: [String] {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        var count: Int32 = 0
        let status = ort_get_available_providers(api, &names, &count)
        guard (try? check(status, "")) != nil, let names else { return [] }
        defer {
            let status = ort_release_available_providers(api, names, count)
            try? check(status, "")
        }
        return (0..<Int(count)).compactMap { names[$0].map { String(cString: $0) } }
    }
}
