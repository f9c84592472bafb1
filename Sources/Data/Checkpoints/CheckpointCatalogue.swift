import Diagnostics

/// The checkpoints that the program knows.
package enum CheckpointCatalogue {
    /// All of them, in the order in which they are listed.
    package static let all: [Checkpoint] = depthAnything + sam2("sam2.1") + sam2("sam2")

    private static let depthAnything = [
        depthAnything("Small", parameters: 24.8, megabytes: 99, .apache),
        depthAnything("Base", parameters: 97.5, megabytes: 390, .nonCommercial),
        depthAnything("Large", parameters: 335.3, megabytes: 1340, .nonCommercial),
    ]

    /// The checkpoint of that name.
    ///
    /// - Throws: `EightCutError` with code `usage` that lists the names.
    package static func named(_ name: String) throws -> Checkpoint {
        if let checkpoint = all.first(where: { $0.name == name }) { return checkpoint }
        throw EightCutError(
            .usage,
            "there is no model",
            on: name,
            because: "its name is not known",
            remedy: "Known names: " + all.map(\.name).joined(separator: ", ") + "."
        )
    }

    private static func depthAnything(
        _ size: String,
        parameters: Double,
        megabytes: Int,
        _ licence: CheckpointLicence
    ) -> Checkpoint {
        Checkpoint(
            "depth-anything-v2-" + size.lowercased(),
            "depth-anything/Depth-Anything-V2-\(size)-hf",
            parameters: parameters,
            megabytes: megabytes,
            licence
        )
    }

    private static func sam2(_ version: String) -> [Checkpoint] {
        let sizes: [(String, Double, Int)] = [
            ("tiny", 38.9, 156), ("small", 46, 184), ("base-plus", 80.8, 323),
            ("large", 224.4, 898),
        ]
        return sizes.map { size, parameters, megabytes in
            let name = "\(version)-hiera-\(size)"
            return Checkpoint(
                name,
                "facebook/" + name,
                parameters: parameters,
                megabytes: megabytes,
                .apache
            )
        }
    }
}
