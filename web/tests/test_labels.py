from django import forms


class Form(forms.Form):
    title = forms.CharField(label="Title")


def test_no_label_above_a_field_ends_in_a_colon():
    assert ">Title</label>" in Form().as_div()
    assert ">Title</label>" in str(Form()["title"].label_tag())
