import COnnxRuntime
import Synchronization

extension RuntimeLibrary {
    /// The environments of this process, by the libraries' files. A library has one at a time,
    /// whoever asks for it, so it is kept.
    private static let environments = Mutex<[String: Handle]>([:])

    /// What all sessions of a library share.
    ///
    /// - Returns: the environment, the same one each time.
    /// - Throws: `EightCutError` of code `toolFailed`.
    func sharedEnvironment() throws -> Handle {
        try Self.environments.withLock { environments in
            if let known = environments[path.string] { return known }
            let environment = try makeEnvironment()
            environments[path.string] = environment
            return environment
        }
    }

    private func makeEnvironment() throws -> Handle {
        // Errors reach us as the results of calls; what the library would say besides is noise.
        let environment = try make("an environment", release: { ort_release_env($0, $1) }) {
            ort_create_env(api, Int32(ORT_LOG_FATAL), "8cut", $0)
        }
        let what = "cannot set up the inference library"
        try check(ort_disable_telemetry_events(api, environment.pointer), what)
        let memory = try make("a memory description", release: { ort_release_memory_info($0, $1) })
        {
            ort_create_cpu_memory_info(
                api,
                Int32(ORT_ARENA_ALLOCATOR),
                Int32(ORT_MEMORY_DEFAULT),
                $0
            )
        }
        let arena = try makeArena()
        try check(
            ort_create_and_register_allocator(
                api,
                environment.pointer,
                memory.pointer,
                arena.pointer
            ),
            what
        )
        return environment
    }

    /// How all sessions take their memory on the processor: from one arena. A model of several
    /// graphs runs one of them at a time, and each would hold on to what it has needed once.
    private func makeArena() throws -> Handle {
        try "arena_extend_strategy".withCString { key in
            try make("an arena", release: { ort_release_arena_cfg($0, $1) }) { out in
                var keys: [UnsafePointer<CChar>?] = [key]
                // It grows by what is asked for (kSameAsRequested), not by ever larger steps.
                var values = [1]
                return ort_create_arena_cfg_v2(api, &keys, &values, 1, out)
            }
        }
    }

    /// The kinds of devices that the library was built for, as it calls them.
    package var providers: [String] {
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
