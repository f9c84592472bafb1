import SAM2
import Testing

@Suite struct ConfigurationTests {
    @Test func processorFilesAreLookedForFromTheNewestOn() {
        #expect(Sam2ImageProcessing.fileNames.first == "processor_config.json")
    }
}
