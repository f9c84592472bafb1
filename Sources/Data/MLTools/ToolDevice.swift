/// Something that masks can be made on.
package struct ToolDevice: Sendable, Codable, Equatable {
    /// The word for it: "cpu", "cuda".
    package let name: String
    /// The GPU's name.
    package let gpu: String?
    /// The version of its driver.
    package let driver: String?

    /// The processor, and the GPUs of a driver.
    static func list(driver: NvidiaDriver?) -> [ToolDevice] {
        [ToolDevice(name: "cpu", gpu: nil, driver: nil)]
            + (driver.map { driver in
                driver.gpus.map { ToolDevice(name: "cuda", gpu: $0, driver: driver.version) }
            } ?? [])
    }
}
