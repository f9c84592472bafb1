/// The NVIDIA driver of this computer and the GPUs that it drives.
package struct NvidiaDriver: Sendable, Equatable {
    /// Names of the GPUs.
    package let gpus: [String]
    /// The driver's version, such as "580.65.06".
    package let version: String

    /// Reads what `nvidia-smi --query-gpu=name,driver_version --format=csv,noheader` says.
    ///
    /// - Returns: nil when no GPU is listed.
    package init?(csv: String) {
        var gpus: [String] = []
        var version: String?
        for line in csv.split(separator: "\n") {
            guard let comma = line.lastIndex(of: ",") else { continue }
            let last = line[line.index(after: comma)...].trimmingPrefix { $0 == " " }
            guard last.first?.isNumber == true else { continue }
            version = version ?? String(last.prefix { $0.isNumber || $0 == "." })
            gpus.append(String(line[..<comma]))
        }
        guard let version else { return nil }
        self.gpus = gpus
        self.version = version
    }

    /// The newest CUDA (major version) that programs can use with this driver, 0 when it is too
    /// old for all that come into question: 13 needs driver 580, 12 needs 525 (CUDA release
    /// notes, "CUDA Toolkit and Minimum Required Driver Version").
    package var cudaVersion: Int {
        switch Int(version.prefix { $0.isNumber }) ?? 0 {
        case 580...: 13
        case 525...: 12
        default: 0
        }
    }

    /// Asks `nvidia-smi`.
    ///
    /// - Returns: nil when it is not there, fails, hangs, or knows no GPU.
    /// - Throws: `CancellationError`.
    package static func find() async throws -> NvidiaDriver? {
        let result = try await ShortChild.run(
            .name("nvidia-smi"),
            ["--query-gpu=name,driver_version", "--format=csv,noheader"]
        )
        guard case .ended(0, let output, _) = result else { return nil }
        return NvidiaDriver(csv: output)
    }
}
