// The part of ONNX Runtime's C interface that this program calls.
//
// The library is loaded while the program runs and its own header is not needed: its table of
// functions is append-only, so each function is reached by its slot's number. Each wrapper below
// is named after the function and takes the table first. Enumerations are passed as int32_t.
#ifndef C_ONNX_RUNTIME_H
#define C_ONNX_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A table of functions: the main interface, or the model editor's.
typedef void (*const *OrtTable)(void);

/// What the library's one exported symbol, OrtGetApiBase, returns.
typedef struct {
    /// The table for a version of the interface; NULL when the library is older.
    OrtTable (*get_api)(uint32_t version);
    /// The library's version, such as "1.32.0".
    const char *(*get_version)(void);
} OrtBase;

typedef struct OrtAllocator OrtAllocator;
typedef struct OrtArenaCfg OrtArenaCfg;
typedef struct OrtCUDAProviderOptionsV2 OrtCUDAProviderOptionsV2;
typedef struct OrtEnv OrtEnv;
typedef struct OrtGraph OrtGraph;
typedef struct OrtIoBinding OrtIoBinding;
typedef struct OrtMemoryInfo OrtMemoryInfo;
typedef struct OrtModel OrtModel;
typedef struct OrtNode OrtNode;
typedef struct OrtOpAttr OrtOpAttr;
typedef struct OrtRunOptions OrtRunOptions;
typedef struct OrtSession OrtSession;
typedef struct OrtSessionOptions OrtSessionOptions;
typedef struct OrtStatus OrtStatus;
typedef struct OrtTensorTypeAndShapeInfo OrtTensorTypeAndShapeInfo;
typedef struct OrtTypeInfo OrtTypeInfo;
typedef struct OrtValue OrtValue;
typedef struct OrtValueInfo OrtValueInfo;

enum {
    ORT_LOG_ERROR = 3,
    ORT_LOG_FATAL = 4,
    ORT_OPTIMIZE_ALL = 99,
    ORT_DEVICE_ALLOCATOR = 0,
    ORT_ARENA_ALLOCATOR = 1,
    ORT_MEMORY_DEFAULT = 0,
    ORT_ATTRIBUTE_INT = 1,
    ORT_ATTRIBUTE_INTS = 2,
    ORT_ATTRIBUTE_FLOAT = 3,
    ORT_ATTRIBUTE_FLOATS = 4,
    ORT_ATTRIBUTE_STRING = 5,
};

/// GetErrorMessage, slot 2.
static inline const char* ort_get_error_message(OrtTable api, const OrtStatus * status) {
    return ((const char* (*)(const OrtStatus *))api[2])(status);
}

/// CreateEnv, slot 3.
static inline OrtStatus * ort_create_env(OrtTable api, int32_t log_severity_level, const char* logid, OrtEnv** out) {
    return ((OrtStatus * (*)(int32_t, const char*, OrtEnv**))api[3])(log_severity_level, logid, out);
}

/// DisableTelemetryEvents, slot 6.
static inline OrtStatus * ort_disable_telemetry_events(OrtTable api, const OrtEnv* env) {
    return ((OrtStatus * (*)(const OrtEnv*))api[6])(env);
}

/// CreateSessionOptions, slot 10.
static inline OrtStatus * ort_create_session_options(OrtTable api, OrtSessionOptions** options) {
    return ((OrtStatus * (*)(OrtSessionOptions**))api[10])(options);
}

/// DisableMemPattern, slot 17.
static inline OrtStatus * ort_disable_mem_pattern(OrtTable api, OrtSessionOptions* options) {
    return ((OrtStatus * (*)(OrtSessionOptions*))api[17])(options);
}

/// SetSessionGraphOptimizationLevel, slot 23.
static inline OrtStatus * ort_set_session_graph_optimization_level(OrtTable api, OrtSessionOptions* options, int32_t graph_optimization_level) {
    return ((OrtStatus * (*)(OrtSessionOptions*, int32_t))api[23])(options, graph_optimization_level);
}

/// SetIntraOpNumThreads, slot 24.
static inline OrtStatus * ort_set_intra_op_num_threads(OrtTable api, OrtSessionOptions* options, int intra_op_num_threads) {
    return ((OrtStatus * (*)(OrtSessionOptions*, int))api[24])(options, intra_op_num_threads);
}

/// CreateRunOptions, slot 39.
static inline OrtStatus * ort_create_run_options(OrtTable api, OrtRunOptions** out) {
    return ((OrtStatus * (*)(OrtRunOptions**))api[39])(out);
}

/// RunOptionsSetTerminate, slot 46.
static inline OrtStatus * ort_run_options_set_terminate(OrtTable api, OrtRunOptions* options) {
    return ((OrtStatus * (*)(OrtRunOptions*))api[46])(options);
}

/// CreateTensorAsOrtValue, slot 48.
static inline OrtStatus * ort_create_tensor_as_ort_value(OrtTable api, OrtAllocator* allocator, const int64_t* shape, size_t shape_len, int32_t type, OrtValue** out) {
    return ((OrtStatus * (*)(OrtAllocator*, const int64_t*, size_t, int32_t, OrtValue**))api[48])(allocator, shape, shape_len, type, out);
}

/// CreateTensorWithDataAsOrtValue, slot 49.
static inline OrtStatus * ort_create_tensor_with_data_as_ort_value(OrtTable api, const OrtMemoryInfo* info, void* p_data, size_t p_data_len, const int64_t* shape, size_t shape_len, int32_t type, OrtValue** out) {
    return ((OrtStatus * (*)(const OrtMemoryInfo*, void*, size_t, const int64_t*, size_t, int32_t, OrtValue**))api[49])(info, p_data, p_data_len, shape, shape_len, type, out);
}

/// GetTensorMutableData, slot 51.
static inline OrtStatus * ort_get_tensor_mutable_data(OrtTable api, OrtValue* value, void** out) {
    return ((OrtStatus * (*)(OrtValue*, void**))api[51])(value, out);
}

/// CreateTensorTypeAndShapeInfo, slot 57.
static inline OrtStatus * ort_create_tensor_type_and_shape_info(OrtTable api, OrtTensorTypeAndShapeInfo** out) {
    return ((OrtStatus * (*)(OrtTensorTypeAndShapeInfo**))api[57])(out);
}

/// SetTensorElementType, slot 58.
static inline OrtStatus * ort_set_tensor_element_type(OrtTable api, OrtTensorTypeAndShapeInfo* info, int32_t type) {
    return ((OrtStatus * (*)(OrtTensorTypeAndShapeInfo*, int32_t))api[58])(info, type);
}

/// SetDimensions, slot 59.
static inline OrtStatus * ort_set_dimensions(OrtTable api, OrtTensorTypeAndShapeInfo* info, const int64_t* dim_values, size_t dim_count) {
    return ((OrtStatus * (*)(OrtTensorTypeAndShapeInfo*, const int64_t*, size_t))api[59])(info, dim_values, dim_count);
}

/// GetDimensionsCount, slot 61.
static inline OrtStatus * ort_get_dimensions_count(OrtTable api, const OrtTensorTypeAndShapeInfo* info, size_t* out) {
    return ((OrtStatus * (*)(const OrtTensorTypeAndShapeInfo*, size_t*))api[61])(info, out);
}

/// GetDimensions, slot 62.
static inline OrtStatus * ort_get_dimensions(OrtTable api, const OrtTensorTypeAndShapeInfo* info, int64_t* dim_values, size_t dim_values_length) {
    return ((OrtStatus * (*)(const OrtTensorTypeAndShapeInfo*, int64_t*, size_t))api[62])(info, dim_values, dim_values_length);
}

/// GetTensorTypeAndShape, slot 65.
static inline OrtStatus * ort_get_tensor_type_and_shape(OrtTable api, const OrtValue* value, OrtTensorTypeAndShapeInfo** out) {
    return ((OrtStatus * (*)(const OrtValue*, OrtTensorTypeAndShapeInfo**))api[65])(value, out);
}

/// CreateMemoryInfo, slot 68.
static inline OrtStatus * ort_create_memory_info(OrtTable api, const char* name, int32_t type, int id, int32_t mem_type, OrtMemoryInfo** out) {
    return ((OrtStatus * (*)(const char*, int32_t, int, int32_t, OrtMemoryInfo**))api[68])(name, type, id, mem_type, out);
}

/// CreateCpuMemoryInfo, slot 69.
static inline OrtStatus * ort_create_cpu_memory_info(OrtTable api, int32_t type, int32_t mem_type, OrtMemoryInfo** out) {
    return ((OrtStatus * (*)(int32_t, int32_t, OrtMemoryInfo**))api[69])(type, mem_type, out);
}

/// AllocatorFree, slot 76.
static inline OrtStatus * ort_allocator_free(OrtTable api, OrtAllocator* ort_allocator, void* p) {
    return ((OrtStatus * (*)(OrtAllocator*, void*))api[76])(ort_allocator, p);
}

/// GetAllocatorWithDefaultOptions, slot 78.
static inline OrtStatus * ort_get_allocator_with_default_options(OrtTable api, OrtAllocator** out) {
    return ((OrtStatus * (*)(OrtAllocator**))api[78])(out);
}

/// ReleaseEnv, slot 92.
static inline void ort_release_env(OrtTable api, OrtEnv* input) {
    ((void (*)(OrtEnv*))api[92])(input);
}

/// ReleaseStatus, slot 93.
static inline void ort_release_status(OrtTable api, OrtStatus * input) {
    ((void (*)(OrtStatus *))api[93])(input);
}

/// ReleaseMemoryInfo, slot 94.
static inline void ort_release_memory_info(OrtTable api, OrtMemoryInfo* input) {
    ((void (*)(OrtMemoryInfo*))api[94])(input);
}

/// ReleaseSession, slot 95.
static inline void ort_release_session(OrtTable api, OrtSession* input) {
    ((void (*)(OrtSession*))api[95])(input);
}

/// ReleaseValue, slot 96.
static inline void ort_release_value(OrtTable api, OrtValue* input) {
    ((void (*)(OrtValue*))api[96])(input);
}

/// ReleaseRunOptions, slot 97.
static inline void ort_release_run_options(OrtTable api, OrtRunOptions* input) {
    ((void (*)(OrtRunOptions*))api[97])(input);
}

/// ReleaseTypeInfo, slot 98.
static inline void ort_release_type_info(OrtTable api, OrtTypeInfo* input) {
    ((void (*)(OrtTypeInfo*))api[98])(input);
}

/// ReleaseTensorTypeAndShapeInfo, slot 99.
static inline void ort_release_tensor_type_and_shape_info(OrtTable api, OrtTensorTypeAndShapeInfo* input) {
    ((void (*)(OrtTensorTypeAndShapeInfo*))api[99])(input);
}

/// ReleaseSessionOptions, slot 100.
static inline void ort_release_session_options(OrtTable api, OrtSessionOptions* input) {
    ((void (*)(OrtSessionOptions*))api[100])(input);
}

/// GetAvailableProviders, slot 125.
static inline OrtStatus * ort_get_available_providers(OrtTable api, char*** out_ptr, int* provider_length) {
    return ((OrtStatus * (*)(char***, int*))api[125])(out_ptr, provider_length);
}

/// ReleaseAvailableProviders, slot 126.
static inline OrtStatus * ort_release_available_providers(OrtTable api, char** ptr, int providers_length) {
    return ((OrtStatus * (*)(char**, int))api[126])(ptr, providers_length);
}

/// AddSessionConfigEntry, slot 130.
static inline OrtStatus * ort_add_session_config_entry(OrtTable api, OrtSessionOptions* options, const char* config_key, const char* config_value) {
    return ((OrtStatus * (*)(OrtSessionOptions*, const char*, const char*))api[130])(options, config_key, config_value);
}

/// RunWithBinding, slot 133.
static inline OrtStatus * ort_run_with_binding(OrtTable api, OrtSession* session, const OrtRunOptions* run_options, const OrtIoBinding* binding_ptr) {
    return ((OrtStatus * (*)(OrtSession*, const OrtRunOptions*, const OrtIoBinding*))api[133])(session, run_options, binding_ptr);
}

/// CreateIoBinding, slot 134.
static inline OrtStatus * ort_create_io_binding(OrtTable api, OrtSession* session, OrtIoBinding** out) {
    return ((OrtStatus * (*)(OrtSession*, OrtIoBinding**))api[134])(session, out);
}

/// ReleaseIoBinding, slot 135.
static inline void ort_release_io_binding(OrtTable api, OrtIoBinding* input) {
    ((void (*)(OrtIoBinding*))api[135])(input);
}

/// BindInput, slot 136.
static inline OrtStatus * ort_bind_input(OrtTable api, OrtIoBinding* binding_ptr, const char* name, const OrtValue* val_ptr) {
    return ((OrtStatus * (*)(OrtIoBinding*, const char*, const OrtValue*))api[136])(binding_ptr, name, val_ptr);
}

/// BindOutputToDevice, slot 138.
static inline OrtStatus * ort_bind_output_to_device(OrtTable api, OrtIoBinding* binding_ptr, const char* name, const OrtMemoryInfo* mem_info_ptr) {
    return ((OrtStatus * (*)(OrtIoBinding*, const char*, const OrtMemoryInfo*))api[138])(binding_ptr, name, mem_info_ptr);
}

/// GetBoundOutputValues, slot 140.
static inline OrtStatus * ort_get_bound_output_values(OrtTable api, const OrtIoBinding* binding_ptr, OrtAllocator* allocator, OrtValue*** output, size_t* output_count) {
    return ((OrtStatus * (*)(const OrtIoBinding*, OrtAllocator*, OrtValue***, size_t*))api[140])(binding_ptr, allocator, output, output_count);
}

/// CreateAndRegisterAllocator, slot 144.
static inline OrtStatus * ort_create_and_register_allocator(OrtTable api, OrtEnv* env, const OrtMemoryInfo* mem_info, const OrtArenaCfg* arena_cfg) {
    return ((OrtStatus * (*)(OrtEnv*, const OrtMemoryInfo*, const OrtArenaCfg*))api[144])(env, mem_info, arena_cfg);
}

/// ReleaseArenaCfg, slot 157.
static inline void ort_release_arena_cfg(OrtTable api, OrtArenaCfg * input) {
    ((void (*)(OrtArenaCfg *))api[157])(input);
}

/// CreateArenaCfgV2, slot 164.
static inline OrtStatus * ort_create_arena_cfg_v2(OrtTable api, const char* const* arena_config_keys, const size_t* arena_config_values, size_t num_keys, OrtArenaCfg** out) {
    return ((OrtStatus * (*)(const char* const*, const size_t*, size_t, OrtArenaCfg**))api[164])(arena_config_keys, arena_config_values, num_keys, out);
}

/// SynchronizeBoundOutputs, slot 203.
static inline OrtStatus * ort_synchronize_bound_outputs(OrtTable api, OrtIoBinding* binding_ptr) {
    return ((OrtStatus * (*)(OrtIoBinding*))api[203])(binding_ptr);
}

/// SessionOptionsAppendExecutionProvider_CUDA_V2, slot 204.
static inline OrtStatus * ort_session_options_append_cuda(OrtTable api, OrtSessionOptions* options, const OrtCUDAProviderOptionsV2* cuda_options) {
    return ((OrtStatus * (*)(OrtSessionOptions*, const OrtCUDAProviderOptionsV2*))api[204])(options, cuda_options);
}

/// CreateCUDAProviderOptions, slot 205.
static inline OrtStatus * ort_create_cudaprovider_options(OrtTable api, OrtCUDAProviderOptionsV2** out) {
    return ((OrtStatus * (*)(OrtCUDAProviderOptionsV2**))api[205])(out);
}

/// UpdateCUDAProviderOptions, slot 206.
static inline OrtStatus * ort_update_cudaprovider_options(OrtTable api, OrtCUDAProviderOptionsV2* cuda_options, const char* const* provider_options_keys, const char* const* provider_options_values, size_t num_keys) {
    return ((OrtStatus * (*)(OrtCUDAProviderOptionsV2*, const char* const*, const char* const*, size_t))api[206])(cuda_options, provider_options_keys, provider_options_values, num_keys);
}

/// ReleaseCUDAProviderOptions, slot 208.
static inline void ort_release_cudaprovider_options(OrtTable api, OrtCUDAProviderOptionsV2* input) {
    ((void (*)(OrtCUDAProviderOptionsV2*))api[208])(input);
}

/// CreateOpAttr, slot 211.
static inline OrtStatus * ort_create_op_attr(OrtTable api, const char* name, const void* data, int len, int32_t type, OrtOpAttr** op_attr) {
    return ((OrtStatus * (*)(const char*, const void*, int, int32_t, OrtOpAttr**))api[211])(name, data, len, type, op_attr);
}

/// ReleaseOpAttr, slot 212.
static inline void ort_release_op_attr(OrtTable api, OrtOpAttr* input) {
    ((void (*)(OrtOpAttr*))api[212])(input);
}

/// SetSymbolicDimensions, slot 271.
static inline OrtStatus * ort_set_symbolic_dimensions(OrtTable api, OrtTensorTypeAndShapeInfo* info, const char** dim_params, size_t dim_params_length) {
    return ((OrtStatus * (*)(OrtTensorTypeAndShapeInfo*, const char**, size_t))api[271])(info, dim_params, dim_params_length);
}

/// ReleaseValueInfo, slot 285.
static inline void ort_release_value_info(OrtTable api, OrtValueInfo* input) {
    ((void (*)(OrtValueInfo*))api[285])(input);
}

/// ReleaseNode, slot 286.
static inline void ort_release_node(OrtTable api, OrtNode* input) {
    ((void (*)(OrtNode*))api[286])(input);
}

/// ReleaseGraph, slot 287.
static inline void ort_release_graph(OrtTable api, OrtGraph* input) {
    ((void (*)(OrtGraph*))api[287])(input);
}

/// ReleaseModel, slot 288.
static inline void ort_release_model(OrtTable api, OrtModel* input) {
    ((void (*)(OrtModel*))api[288])(input);
}

/// GetModelEditorApi, slot 291.
static inline OrtTable ort_get_model_editor_api(OrtTable api) {
    return ((OrtTable (*)(void))api[291])();
}

/// CreateTensorTypeInfo, model editor slot 0.
static inline OrtStatus * ort_editor_create_tensor_type_info(OrtTable api, const OrtTensorTypeAndShapeInfo* tensor_info, OrtTypeInfo** type_info) {
    return ((OrtStatus * (*)(const OrtTensorTypeAndShapeInfo*, OrtTypeInfo**))api[0])(tensor_info, type_info);
}

/// CreateValueInfo, model editor slot 5.
static inline OrtStatus * ort_editor_create_value_info(OrtTable api, const char* name, const OrtTypeInfo* type_info, OrtValueInfo** value_info) {
    return ((OrtStatus * (*)(const char*, const OrtTypeInfo*, OrtValueInfo**))api[5])(name, type_info, value_info);
}

/// CreateNode, model editor slot 6.
static inline OrtStatus * ort_editor_create_node(OrtTable api, const char* operator_name, const char* domain_name, const char* node_name, const char* const* input_names, size_t input_names_len, const char* const* output_names, size_t output_names_len, OrtOpAttr** attributes, size_t attribs_len, OrtNode** node) {
    return ((OrtStatus * (*)(const char*, const char*, const char*, const char* const*, size_t, const char* const*, size_t, OrtOpAttr**, size_t, OrtNode**))api[6])(operator_name, domain_name, node_name, input_names, input_names_len, output_names, output_names_len, attributes, attribs_len, node);
}

/// CreateGraph, model editor slot 7.
static inline OrtStatus * ort_editor_create_graph(OrtTable api, OrtGraph** graph) {
    return ((OrtStatus * (*)(OrtGraph**))api[7])(graph);
}

/// SetGraphInputs, model editor slot 8.
static inline OrtStatus * ort_editor_set_graph_inputs(OrtTable api, OrtGraph* graph, OrtValueInfo** inputs, size_t inputs_len) {
    return ((OrtStatus * (*)(OrtGraph*, OrtValueInfo**, size_t))api[8])(graph, inputs, inputs_len);
}

/// SetGraphOutputs, model editor slot 9.
static inline OrtStatus * ort_editor_set_graph_outputs(OrtTable api, OrtGraph* graph, OrtValueInfo** outputs, size_t outputs_len) {
    return ((OrtStatus * (*)(OrtGraph*, OrtValueInfo**, size_t))api[9])(graph, outputs, outputs_len);
}

/// AddInitializerToGraph, model editor slot 10.
static inline OrtStatus * ort_editor_add_initializer_to_graph(OrtTable api, OrtGraph* graph, const char* name, OrtValue* tensor, bool data_is_external) {
    return ((OrtStatus * (*)(OrtGraph*, const char*, OrtValue*, bool))api[10])(graph, name, tensor, data_is_external);
}

/// AddNodeToGraph, model editor slot 11.
static inline OrtStatus * ort_editor_add_node_to_graph(OrtTable api, OrtGraph* graph, OrtNode* node) {
    return ((OrtStatus * (*)(OrtGraph*, OrtNode*))api[11])(graph, node);
}

/// CreateModel, model editor slot 12.
static inline OrtStatus * ort_editor_create_model(OrtTable api, const char* const* domain_names, const int* opset_versions, size_t opset_entries_len, OrtModel** model) {
    return ((OrtStatus * (*)(const char* const*, const int*, size_t, OrtModel**))api[12])(domain_names, opset_versions, opset_entries_len, model);
}

/// AddGraphToModel, model editor slot 13.
static inline OrtStatus * ort_editor_add_graph_to_model(OrtTable api, OrtModel* model, OrtGraph* graph) {
    return ((OrtStatus * (*)(OrtModel*, OrtGraph*))api[13])(model, graph);
}

/// CreateSessionFromModel, model editor slot 14.
static inline OrtStatus * ort_editor_create_session_from_model(OrtTable api, const OrtEnv* env, const OrtModel* model, const OrtSessionOptions* options, OrtSession** out) {
    return ((OrtStatus * (*)(const OrtEnv*, const OrtModel*, const OrtSessionOptions*, OrtSession**))api[14])(env, model, options, out);
}

#endif
