import Diagnostics

/// Which build is installed, and with what.
package struct ToolSelection: Sendable, Equatable {
    /// The build.
    package let variant: ToolVariant
    /// Its packages.
    package let packages: ToolPackages
    /// Something the user should know about the choice.
    package let warning: String?

    /// Chooses by what is asked for and what the driver can run.
    ///
    /// - Parameters:
    ///   - wanted: the build that the user asks for; nil leaves the choice to us.
    ///   - driver: the NVIDIA driver, if there is one.
    /// - Throws: `EightCutError` of code `toolMissing` when a GPU is asked for and none can be
    ///   used.
    package init(wanted: ToolVariant?, driver: NvidiaDriver?) throws {
        let gpu = driver.flatMap { ToolPackages.gpu(cudaVersion: $0.cudaVersion) }
        switch (wanted, driver, gpu) {
        case (.cpu, _, _), (nil, nil, _):
            self.init(.cpu, .cpu)
        case (_, _, let gpu?):
            self.init(.gpu, gpu)
        case (nil, let driver?, nil):
            self.init(
                .cpu,
                .cpu,
                warning: "The NVIDIA driver \(driver.version) is too old for CUDA 12, which needs "
                    + "525 or newer: installing for the processor."
            )
        case (.gpu, let driver, _):
            throw EightCutError(
                .toolMissing,
                "cannot install the tools for a GPU",
                because: driver.map { "the NVIDIA driver \($0.version) is too old for CUDA 12" }
                    ?? "nvidia-smi finds no NVIDIA GPU with a driver",
                remedy: "Install NVIDIA's driver, 525 or newer (580 for CUDA 13), "
                    + "or install for the processor: 8cut tools install --cpu"
            )
        }
    }

    private init(_ variant: ToolVariant, _ packages: ToolPackages, warning: String? = nil) {
        self.variant = variant
        self.packages = packages
        self.warning = warning
    }
}
