/// What is installed with pip: the one place where packages and their accepted versions stand.
package struct ToolPackages: Sendable, Equatable {
    /// pip's requirements.
    package let requirements: [String]
    /// The oldest Python that has wheels of them, as (3, minor).
    package let minimumPython: Int
    /// About how many bytes they take up on disk, with what they depend on.
    package let bytes: Int

    /// ONNX Runtime for the processor.
    package static let cpu = ToolPackages(
        requirements: ["onnxruntime>=1.22,<2"],
        minimumPython: 10,
        bytes: 200_000_000
    )

    /// The last ONNX Runtime that brought CUDA 12: 1.27 went over to CUDA 13.
    static let cuda12 = ToolPackages(
        requirements: ["onnxruntime-gpu[cuda,cudnn]>=1.22,<1.27"],
        minimumPython: 10,
        bytes: 3_400_000_000
    )

    /// ONNX Runtime with CUDA 13, whose wheels start at Python 3.11.
    static let cuda13 = ToolPackages(
        requirements: ["onnxruntime-gpu[cuda,cudnn]>=1.27,<2"],
        minimumPython: 11,
        bytes: 2_600_000_000
    )

    /// The packages of the original design, to compare results with.
    ///
    /// `setuptools` and `wheel` are there because `sam2` comes as source.
    static let reference = ToolPackages(
        requirements: [
            "torch", "torchvision", "transformers", "opencv-python", "Pillow", "setuptools",
            "wheel",
        ],
        minimumPython: 10,
        bytes: 6_000_000_000
    )

    /// Meta's SAM 2. It is built from source against the torch that is there already: a build
    /// of pip's usual kind would download a second one.
    static let referenceFromSource = ["--no-build-isolation", "sam2>=1.1,<2"]

    /// The build that an NVIDIA driver can run.
    ///
    /// - Parameter cudaVersion: the newest CUDA (major) that the driver supports.
    /// - Returns: nil when there is none for it.
    static func gpu(cudaVersion: Int) -> ToolPackages? {
        switch cudaVersion {
        case 13...: cuda13
        case 12: cuda12
        default: nil
        }
    }
}
