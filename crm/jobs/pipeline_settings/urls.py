"""URLs of the pipeline settings, under /<tenant>/settings/."""

from django.urls import path

from crm.jobs.pipeline_settings.views import customer_texts, levels, phases, pipelines, sources, step, steps, targets

ONE = "pipelines/<uuid:uid>/"

urlpatterns = [
    path("pipelines/", pipelines.pipelines, name="pipelines"),
    path("pipelines/add/", pipelines.add, name="add_pipeline"),
    path(ONE, steps.pipeline, name="pipeline"),
    path(f"{ONE}rename/", steps.rename_pipeline, name="rename_pipeline"),
    path(f"{ONE}type/", steps.set_type, name="type_pipeline"),
    path(f"{ONE}quoted/", steps.quote_from, name="quote_pipeline"),
    path(f"{ONE}move/", pipelines.move, name="move_pipeline"),
    path(f"{ONE}default/", pipelines.default, name="default_pipeline"),
    path(f"{ONE}archive/", pipelines.archive, name="archive_pipeline"),
    path(f"{ONE}restore/", pipelines.restore, name="restore_pipeline"),
    path(f"{ONE}steps/add/", steps.add, name="add_step"),
    path(f"{ONE}steps/<int:pk>/", step.step, name="step"),
    path(f"{ONE}steps/<int:pk>/guide/", step.guide, name="guide_step"),
    path(f"{ONE}steps/<int:pk>/rename/", steps.rename, name="rename_step"),
    path(f"{ONE}steps/<int:pk>/move/", steps.move, name="move_step"),
    path(f"{ONE}steps/<int:pk>/archive/", steps.archive, name="archive_step"),
    path(f"{ONE}steps/<int:pk>/restore/", steps.restore, name="restore_step"),
    path(f"{ONE}customers/", customer_texts.customer_texts, name="customer_texts"),
    path(f"{ONE}customers/draw/", customer_texts.draw, name="draw_pipeline"),
    path(f"{ONE}customers/<int:pk>/", customer_texts.tell, name="tell_customers"),
    path(f"{ONE}targets/", targets.targets, name="targets"),
    path(f"{ONE}targets/first-touch/", targets.first_touch, name="first_touch_targets"),
    path(f"{ONE}targets/<int:pk>/", targets.step, name="step_targets"),
    path("phases/add/", phases.add, name="add_phase"),
    path("phases/<int:pk>/rename/", phases.rename, name="rename_phase"),
    path("phases/<int:pk>/sold/", phases.sold, name="sold_phase"),
    path("phases/<int:pk>/move/", phases.move, name="move_phase"),
    path("phases/<int:pk>/remove/", phases.remove, name="remove_phase"),
    path("levels/", levels.levels, name="levels"),
    path("sources/", sources.sources, name="sources"),
    path("sources/add/", sources.add, name="add_source"),
    path("sources/<int:pk>/rename/", sources.rename, name="rename_source"),
    path("sources/<int:pk>/archive/", sources.archive, name="archive_source"),
    path("sources/<int:pk>/restore/", sources.restore, name="restore_source"),
    path("sources/<int:pk>/merge/", sources.merge, name="merge_source"),
    path("sources/<int:pk>/take-apart/", sources.take_apart, name="take_source_apart"),
]
