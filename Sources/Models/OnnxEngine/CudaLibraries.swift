import Files
import Glibc
import SystemPackage

/// CUDA's own libraries, which pip puts beside ONNX Runtime where the dynamic linker does not look:
/// `site-packages/nvidia/…/lib/lib….so.…`.
enum CudaLibraries {
    /// In the order in which they need each other. (The list of onnxruntime's `preload_dlls`.)
    private static let names = [
        "libcudart.so", "libnvJitLink.so", "libcublasLt.so", "libcublas.so", "libnvrtc.so",
        "libcufft.so", "libcurand.so", "libcudnn.so",
    ]

    /// Loads those that are there. What is missing then makes CUDA fail with a message of its own.
    ///
    /// - Parameter library: `site-packages/onnxruntime/capi/libonnxruntime.so…`.
    static func preload(besides library: FilePath) {
        let packages = library.removingLastComponent().removingLastComponent()
            .removingLastComponent().appending("nvidia")
        var folders: [FilePath] = []
        for package in (try? Folder.names(in: packages)) ?? [] {
            folders.append(packages.appending(package).appending("lib"))
        }
        for name in names {
            for folder in folders {
                let files = (try? Folder.names(in: folder)) ?? []
                for file in files where file.hasPrefix(name) {
                    _ = dlopen(folder.appending(file).string, RTLD_NOW | RTLD_GLOBAL)
                }
            }
        }
    }
}
