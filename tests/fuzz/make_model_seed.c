/* Writes the seeds of fuzz_model: usage: make_model_seed FOLDER. SPDX-License-Identifier: MIT */
#include <stdio.h>

#define FIXTURE_WITHOUT_CHECK
#include "../unit/model_fixture.h"
#include "model/exchange.h"

static int write_seed(const char *folder, const char *name, char kind, qs_str bytes)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return 1;
    const size_t written = fwrite(&kind, 1, 1, file) + fwrite(bytes.ptr, 1, bytes.len, file);
    return fclose(file) != 0 || written != bytes.len + 1;
}

int main(int argc, char **argv)
{
    qs_buf bytes = {0};
    int failed = argc != 2;
    qs_model *model = fixture_model();
    for (size_t h = 0; !failed && h < model->head_count; h++) {
        char name[32];
        snprintf(name, sizeof name, "text-%zu", h);
        qs_buf_clear(&bytes);
        failed = qs_head_export(&bytes, model, &model->heads[h], NULL) != QS_OK ||
                 write_seed(argv[1], name, 2, qs_buf_view(&bytes));
    }
    qs_buf_clear(&bytes);
    failed = failed || qs_model_write(&bytes, model, NULL) != QS_OK ||
             write_seed(argv[1], "model", 1, qs_buf_view(&bytes)) ||
             write_seed(argv[1], "model-as-is", 0, qs_buf_view(&bytes));
    qs_buf_free(&bytes);
    qs_model_destroy(model);
    return failed;
}
